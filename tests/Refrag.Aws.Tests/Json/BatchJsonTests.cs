using System.Text.Json;
using Refrag.Aws.Batch;

namespace Refrag.Aws.Tests.Json;

public sealed class BatchJsonTests
{
    [Theory]
    [InlineData("2", 2)]
    [InlineData("1.0", 1)]
    [InlineData("0.25", 1)]
    public void Read_WholeNumberWrittenAsDecimal_IsTaken(string text, int vcpus)
    {
        JobDetail job =
            JsonSerializer.Deserialize($$$"""{"container":{"vcpus":{{{text}}}},"createdAt":1.7e12}""",
                BatchOperations.DescribeJobs.ResponseJson.Options.GetTypeInfo(typeof(JobDetail))) as JobDetail
            ?? throw new InvalidOperationException();
        Assert.Equal((vcpus, 1_700_000_000_000L), (job.Container!.Vcpus!.Value, job.CreatedAt!.Value));
    }

    [Theory]
    [InlineData("3000000000")]
    [InlineData("\"2\"")]
    public void Read_NotAWholeNumber_Fails(string text) => Assert.ThrowsAny<Exception>(
        () => JsonSerializer.Deserialize(
            $$$"""{"jobName":"a","arrayProperties":{"size":{{{text}}}}}""", BatchOperations.SubmitJob.RequestJson));

    // A server reads what clients send: members may be missing, and BatchLimits names them.
    [Fact]
    public void Read_RequestWithoutRequiredMembers_LeavesThemForTheCheck()
    {
        SubmitJobRequest request = JsonSerializer.Deserialize("""{"jobName":"a","unknown":1}""", BatchOperations.SubmitJob.RequestJson)!;
        Assert.Equal(["SubmitJob jobQueue is missing, but required", "SubmitJob jobDefinition is missing, but required"],
            BatchLimits.Check(BatchOperations.SubmitJob, request).Select(p => p.What));
    }
}
