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
}
