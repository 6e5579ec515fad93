using Refrag.Monitoring;

namespace Refrag.Tests.Monitoring;

public sealed class EndingPlanTests
{
    private static readonly EndingJob[] s_jobs = [new("1", "a", "RUNNABLE"), new("2", "b", "RUNNING"), new("3", "c", "SUCCEEDED"),
        new("1", "a", "RUNNABLE")];

    [Fact]
    public void For_Cancel_LeavesStartedAndEndedJobs()
    {
        var plan = EndingPlan.For(EndAction.Cancel, s_jobs);

        Assert.Equal(["1"], plan.Jobs.Select(j => j.Id));
        Assert.Equal(["2", "3"], plan.Left.Select(l => l.Job.Id));
        Assert.Contains("refrag terminate", plan.Left[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void For_Terminate_TakesWhatHasNotEnded() =>
        Assert.Equal(["1", "2"], EndingPlan.For(EndAction.Terminate, s_jobs).Jobs.Select(j => j.Id));
}
