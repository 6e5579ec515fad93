using System.Reflection;
using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecr;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;

namespace Refrag.Aws.Tests.Contract;

[Trait("Peer", "botocore")]
public sealed class ConformanceTests
{
    [Fact]
    public async Task BatchOperations_ComparedWithModel_AreTheSame()
    {
        ApiModel model = await ApiModel.LoadAsync("batch");
        Assert.Equal(model.Operations.Keys.Order(StringComparer.Ordinal), BatchOperations.All.Select(o => o.Name));
        foreach (AwsOperation operation in BatchOperations.All) AssertSame(model, operation);
    }

    [Fact]
    public async Task BatchShapes_ComparedWithModel_AreTheSame()
    {
        var comparison = await CompareAsync("batch", BatchOperations.All, BatchJson.Options);
        Assert.Empty(comparison.Differences);
        ApiModel model = await ApiModel.LoadAsync("batch");
        Assert.Equal(model.Structures.Select(s => s.Name).Order(), comparison.Structures.Order());
    }

    [Fact]
    public async Task BatchEnumerations_ComparedWithModel_HaveTheSameValues()
    {
        ApiModel model = await ApiModel.LoadAsync("batch");
        foreach ((string name, IReadOnlyList<string> values) in model.Enumerations)
        {
            Type type = typeof(BatchOperations).Assembly.GetType($"Refrag.Aws.Batch.{name}")
                ?? throw new InvalidOperationException($"{name} is missing.");
            Assert.Equal(values, (IReadOnlyList<string>)type.GetProperty("All")!.GetValue(null)!);
            Assert.Equal(values.Order(),
                type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetRawConstantValue()!).Order());
        }
    }

    [Fact]
    public async Task Logs_ComparedWithModel_AreTheSame()
    {
        ApiModel model = await ApiModel.LoadAsync("logs");
        foreach (AwsOperation operation in LogsOperations.All) AssertSame(model, operation);
        Assert.Empty((await CompareAsync("logs", LogsOperations.All, LogsJson.Options)).Differences);
    }

    [Fact]
    public async Task Ecr_ComparedWithModel_IsTheSame()
    {
        ApiModel model = await ApiModel.LoadAsync("ecr");
        foreach (AwsOperation operation in EcrOperations.All) AssertSame(model, operation);
        Assert.Empty((await CompareAsync("ecr", EcrOperations.All, EcrJson.Options)).Differences);
    }

    [Fact]
    public async Task Ecs_ComparedWithModel_IsTheSame()
    {
        ApiModel model = await ApiModel.LoadAsync("ecs");
        foreach (AwsOperation operation in EcsOperations.All) AssertSame(model, operation);
        Assert.Empty((await CompareAsync("ecs", EcsOperations.All, EcsJson.Options)).Differences);
    }

    private static void AssertSame(ApiModel model, AwsOperation operation)
    {
        JsonElement expected = model.Operations[operation.Name];
        Assert.Equal(expected.GetProperty("http").GetProperty("method").GetString(), operation.Method.Method);
        Assert.Equal(expected.GetProperty("http").GetProperty("requestUri").GetString(), operation.Path);
        Assert.Equal(expected.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("shape").GetString()), operation.Errors);
        var outside = model.Shape(ApiModel.Target(expected, "input"))
            .GetProperty("members").EnumerateObject().Where(m => m.Value.TryGetProperty("location", out _)).Select(m => m.Name);
        Assert.Equal(outside, operation.OutsideBody);
    }

    private static async Task<ShapeComparison> CompareAsync(
        string service, IReadOnlyList<AwsOperation> operations, JsonSerializerOptions options)
    {
        ApiModel model = await ApiModel.LoadAsync(service);
        var comparison = new ShapeComparison(model, options);
        foreach (AwsOperation operation in operations)
        {
            JsonElement expected = model.Operations[operation.Name];
            comparison.Compare(operation.RequestType, ApiModel.Target(expected, "input"), isRequest: true);
            if (expected.TryGetProperty("output", out _))
                comparison.Compare(operation.ResponseType, ApiModel.Target(expected, "output"), isRequest: false);
            // An operation that answers nothing has an empty answer here.
            else Assert.Empty(operation.ResponseType.GetProperties());
        }
        return comparison;
    }
}
