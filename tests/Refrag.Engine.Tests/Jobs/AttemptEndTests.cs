using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;

namespace Refrag.Engine.Tests.Jobs;

public sealed class AttemptEndTests
{
    private const long Now = 1000;

    [Fact]
    public void Apply_ExitCodeZero_Succeeds()
    {
        Job job = AttemptEnd.Apply(JobFixture.Job(JobFixture.Plan(), JobFixture.Ended(0)), Now);
        Assert.Equal((JobState.Succeeded, "Essential container in task exited", Now), (job.State, job.StatusReason, job.StoppedAt));
        AttemptDetail attempt = Assert.Single(job.Attempts);
        Assert.Equal((0, "def/default/task", 1L, 2L),
            (attempt.Container?.ExitCode, attempt.Container?.LogStreamName, attempt.StartedAt, attempt.StoppedAt));
    }

    [Fact]
    public void Apply_ExitCodeNotZero_FailsWithTheSameWords()
    {
        Job job = AttemptEnd.Apply(JobFixture.Job(JobFixture.Plan(), JobFixture.Ended(3)), Now);
        Assert.Equal((JobState.Failed, "Essential container in task exited"), (job.State, job.StatusReason));
    }

    [Fact]
    public void Apply_NotStarted_FailsAndSaysSo()
    {
        Job job =
            AttemptEnd.Apply(JobFixture.Job(JobFixture.Plan(), JobFixture.Ended(127, started: false, "CannotStartContainerError: x")), Now);
        Assert.Equal((JobState.Failed, "Task failed to start"), (job.State, job.StatusReason));
        Assert.Equal("CannotStartContainerError: x", job.Attempts[0].Container?.Reason);
    }

    [Fact]
    public void Apply_ExitCodeUnknown_Fails() =>
        Assert.Equal(JobState.Failed, AttemptEnd.Apply(JobFixture.Job(JobFixture.Plan(), JobFixture.Ended(null)), Now).State);

    [Fact]
    public void Apply_AttemptsLeft_IsRunnableAgain()
    {
        JobPlan plan = JobFixture.Plan() with { Retry = new RetryStrategy { Attempts = 2 } };
        Job first = AttemptEnd.Apply(JobFixture.Job(plan, JobFixture.Ended(1)), Now);
        Assert.Equal((JobState.Runnable, null), (first.State, first.StoppedAt));
        Assert.Equal(2, first.AttemptNumber);
        Job second = AttemptEnd.Apply(first, Now);
        Assert.Equal((JobState.Failed, 2), (second.State, second.Attempts.Count));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(143)]
    public void Apply_Stopped_FailsWithTheReasonAndIsNotRetried(int code)
    {
        JobPlan plan = JobFixture.Plan() with { Retry = new RetryStrategy { Attempts = 5 } };
        Job job = AttemptEnd.Apply(JobFixture.Job(plan, JobFixture.Ended(code)) with { Stop = new StopCause("enough") }, Now);
        Assert.Equal((JobState.Failed, "enough"), (job.State, job.StatusReason));
    }

    [Theory]
    [InlineData(0, 1, "Succeeded")]
    [InlineData(1, 0, "Failed")]
    public void Apply_SeveralNodes_TheMainNodeDecides(int main, int other, string expected) => Assert.Equal(
        Enum.Parse<JobState>(expected),
        AttemptEnd.Apply(JobFixture.Job(JobFixture.Plan(nodes: 2), JobFixture.Ended(main), JobFixture.Ended(other)), Now).State);
}
