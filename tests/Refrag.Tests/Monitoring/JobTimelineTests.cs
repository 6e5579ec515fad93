using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Tests.Monitoring;

public sealed class JobTimelineTests
{
    private const long Start = 1_790_000_000_000;
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeMilliseconds(Start + 1_000_000);

    [Theory]
    // The job's start is that of the last attempt, which is listed when it has ended, and may be some milliseconds later.
    [InlineData(Start, 600)]
    [InlineData(Start + 3, 600)]
    // An attempt that has not ended is not listed.
    [InlineData(Start + 600_000, 1000)]
    [InlineData(Start + 700_000, 900)]
    public void Ran_OneListedAttemptOfTenMinutes_CountsEachAttemptOnce(long started, int seconds)
    {
        bool isListed = started < Start + 600_000;
        JobDetail job = Job(isListed ? JobStatus.Succeeded : JobStatus.Running, started, isListed ? Start + 600_000 : null,
            new AttemptDetail { StartedAt = Start, StoppedAt = Start + 600_000 });
        Assert.Equal(TimeSpan.FromSeconds(seconds), JobTimeline.Ran(job, s_now));
        Assert.Equal(isListed ? 1 : 2, JobTimeline.Of(job).Count(moment => moment.What.EndsWith("started", StringComparison.Ordinal)));
    }

    [Fact]
    public void Ran_AttemptThatNeverStarted_CountsNothingOfIt()
    {
        JobDetail job = Job(JobStatus.Failed, Start, Start + 5_000,
            new AttemptDetail { StoppedAt = Start - 60_000 }, new AttemptDetail { StartedAt = Start, StoppedAt = Start + 5_000 });
        Assert.Equal(TimeSpan.FromSeconds(5), JobTimeline.Ran(job, s_now));
    }

    private static JobDetail Job(string status, long? started, long? stopped, params AttemptDetail[] attempts) => new()
    {
        JobId = "job",
        JobName = "job",
        JobQueue = "queue",
        JobDefinition = "work:1",
        Status = status,
        CreatedAt = Start - 120_000,
        StartedAt = started,
        StoppedAt = stopped,
        Attempts = attempts,
    };
}
