using Refrag.Aws.Batch;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Operations;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Tests.Operations;

public sealed class JobOperationsTests
{
    private const string Id = "01a22e9d-9256-7064-ba7c-9c40ffa500d1";
    private static readonly SlurmPlace s_place = new(null, "/j");

    // A submission whose answer was lost is looked for so, and sent again if it is not there. (SubmissionRules)
    [Fact]
    public async Task List_ByName_IsAskedAnewEachTime()
    {
        TurningCommands commands = new(["", $"7|N/A|RUNNING|cpu|1|1|1|n1|None|train.{Id}\n"], [""]);
        using ClusterReader reader = new(commands, s_place);
        JobOperations jobs = new(commands, s_place, reader);
        ListJobsRequest request = new() { JobQueue = "cpu", Filters = [new KeyValuesPair { Name = "JOB_NAME", Values = ["train"] }] };
        ListJobsResponse before = await jobs.ListAsync(request, TestContext.Current.CancellationToken);
        ListJobsResponse after = await jobs.ListAsync(request, TestContext.Current.CancellationToken);

        Assert.Empty(before.JobSummaryList!);
        Assert.Equal(Id, Assert.Single(after.JobSummaryList!).JobId);
    }

    // What scontrol 22.05 says of a job on two nodes whose first ended with 5; the second has written nothing.
    [Theory]
    [InlineData("", 5)]
    [InlineData("#0", 5)]
    [InlineData("#1", null)]
    public async Task Describe_ANodeThatHasLeftNoCode_HasNotThatOfTheFirst(string part, int? code)
    {
        JobDetail job = await DescribeAsync(
            "5:0", part, """{"jobName":"train","jobQueue":"cpu","jobDefinition":"sbatch","nodeOverrides":{"numNodes":2}}""");

        Assert.Equal((JobStatus.Failed, code), (job.Status, job.Container!.ExitCode));
    }

    [Fact]
    public async Task Describe_AJobWhoseFolderTheScriptCouldNotWrite_SaysSoWithoutACode()
    {
        JobDetail job = await DescribeAsync("121:0", "", """{"jobName":"train","jobQueue":"cpu","jobDefinition":"sbatch"}""");

        Assert.Null(job.Container!.ExitCode);
        Assert.Equal("the job's folder could not be written: /j may not be on the nodes, or be full", job.StatusReason);
    }

    private static async Task<JobDetail> DescribeAsync(string slurmsCode, string part, string request)
    {
        TurningCommands commands = new(
            [$"7|N/A|FAILED|cpu|1|1|1|n1|NonZeroExitCode|train.{Id}\n"], [$"./{Id}/request.json:{request}\n./{Id}/slurm:7\n"],
            scontrol: $"JobId=7 JobState=FAILED ExitCode={slurmsCode}\n");
        using ClusterReader reader = new(commands, s_place);
        JobOperations jobs = new(commands, s_place, reader);
        DescribeJobsResponse found = await jobs.DescribeAsync(
            new DescribeJobsRequest { Jobs = [$"{Id}{part}"] }, TestContext.Current.CancellationToken);
        return Assert.Single(found.Jobs!);
    }
}
