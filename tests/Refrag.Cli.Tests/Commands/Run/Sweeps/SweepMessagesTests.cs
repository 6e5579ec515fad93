using Refrag.Cli.Commands.Run.Sweeps;
using Refrag.CommandTables;
using Refrag.Composition.Sweeps;

namespace Refrag.Cli.Tests.Commands.Run.Sweeps;

public sealed class SweepMessagesTests
{
    [Theory]
    [InlineData("All 3 jobs have succeeded.", JobStatus.Succeeded, JobStatus.Succeeded, JobStatus.Succeeded)]
    [InlineData("The job has succeeded.", JobStatus.Succeeded)]
    [InlineData("1 of 4 jobs has succeeded, 1 is under way, 1 has failed, 1 has not run.", JobStatus.Succeeded, JobStatus.Failed,
        JobStatus.Pending, JobStatus.Running)]
    [InlineData("0 of 2 jobs have succeeded, 2 have not run.", JobStatus.Pending, JobStatus.Pending)]
    public void Summary_Manifest_SaysHowFarItIs(string said, params JobStatus[] statuses) =>
        Assert.Equal(said,
            SweepMessages.Summary(
                new SweepManifest([.. statuses.Select((status, index) => new ManifestJob(new SweepJob(index, []), status))])));

    [Theory]
    [InlineData("id:2", "[9] ")]
    [InlineData("id:2#1", "[9] ")]
    public void Prefix_ChildOfAnArray_IsItsIndexInTheSweep(string part, string prefix) =>
        Assert.Equal(prefix, SweepMessages.Prefix(new SentJob("id", JobSet.Of([3, 7, 9])), part));

    [Theory]
    [InlineData("id", "[5] ")]
    [InlineData("id#1", "[5] [1] ")]
    [InlineData("id:2", "[5] [2] ")]
    public void Prefix_PlainJob_IsItsIndexAndTheNumberOfItsPart(string part, string prefix) =>
        Assert.Equal(prefix, SweepMessages.Prefix(new SentJob("id", JobSet.Of([5])), part));
}
