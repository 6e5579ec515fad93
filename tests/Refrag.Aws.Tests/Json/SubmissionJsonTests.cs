using System.Reflection;
using System.Text;
using System.Text.Json;
using Refrag.Aws.Batch;

namespace Refrag.Aws.Tests.Json;

/// <summary>Submissions are written by code of their own, and read and stored by the options that know every shape.</summary>
public sealed class SubmissionJsonTests
{
    private static readonly SubmitJobRequest s_full = (SubmitJobRequest)Sample(typeof(SubmitJobRequest), "");

    [Fact]
    public void Write_RequestWithEveryMember_IsWhatTheOptionsWrite()
    {
        string json = JsonSerializer.Serialize(s_full, BatchOperations.SubmitJob.RequestJson);

        Assert.Contains("\"numNodes\":7", json, StringComparison.Ordinal);
        Assert.Contains("\"jobName\":\"/JobName é<&'+\\\"\"", json, StringComparison.Ordinal);
        Assert.Equal(json, Encoding.UTF8.GetString(BatchOperations.SubmitJob.Write(s_full)));
    }

    [Fact]
    public void Write_RequestWithRequiredMembersAlone_LeavesTheOthersOut()
    {
        SubmitJobRequest request = new() { JobName = "a", JobQueue = "b", JobDefinition = "c" };
        Assert.Equal(
            """{"jobName":"a","jobQueue":"b","jobDefinition":"c"}""", Encoding.UTF8.GetString(BatchOperations.SubmitJob.Write(request)));
    }

    [Fact]
    public void SizeOf_Overrides_IsTheirPartOfTheRequest()
    {
        string json = JsonSerializer.SerializeToElement(s_full, BatchOperations.SubmitJob.RequestJson)
            .GetProperty("containerOverrides").GetRawText();
        Assert.Equal(Encoding.UTF8.GetByteCount(json), BatchJson.SizeOf(s_full.ContainerOverrides!));
    }

    // Every member has a value, and every text says which member it is of.
    private static object Sample(Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return $"{path} é<&'+\"";
        if (type == typeof(bool)) return true;
        if (type == typeof(int)) return 7;
        if (type == typeof(long)) return 7_000_000_000;
        if (type == typeof(IReadOnlyDictionary<string, string>)) return new Dictionary<string, string> { ["ké"] = path };
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>))
        {
            Array list = Array.CreateInstance(type.GenericTypeArguments[0], 2);
            for (int i = 0; i < list.Length; i++) list.SetValue(Sample(type.GenericTypeArguments[0], $"{path}/{i}"), i);
            return list;
        }
        object made = Activator.CreateInstance(type)!;
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.CanWrite))
            property.SetValue(made, Sample(property.PropertyType, $"{path}/{property.Name}"));
        return made;
    }
}
