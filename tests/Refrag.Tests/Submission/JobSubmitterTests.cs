using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Submission;

namespace Refrag.Tests.Submission;

public sealed class JobSubmitterTests
{
    private static readonly SubmissionId s_id = new("0198-abc");
    private static readonly SubmitJobRequest s_request = new() { JobName = "train", JobQueue = "gpu", JobDefinition = "def" };
    private readonly PassingTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SubmitAsync_Answered_SendsOnceWithTheIdAmongTheTags()
    {
        var batch = new FakeBatch();
        var outcome = await SubmitAsync(batch, s_request with { Tags = new Dictionary<string, string> { ["project"] = "refrag" } });
        Assert.Equal(new SubmissionOutcome.Submitted("job-1", "arn", "train", WasFound: false), outcome);
        Assert.Equal(["SubmitJob"], batch.Calls);
        Assert.Equal(s_id.Value, batch.Jobs[0].Tags![SubmissionId.Tag]);
    }

    [Fact]
    public async Task SubmitAsync_LostAfterArrival_FindsTheJobAndDoesNotRepeat()
    {
        var batch = new FakeBatch { After = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null };
        var outcome = await SubmitAsync(batch);
        Assert.Equal(new SubmissionOutcome.Submitted("job-1", null, "train", WasFound: true), outcome);
        Assert.Single(batch.Jobs);
    }

    [Fact]
    public async Task SubmitAsync_ServerFaultAfterArrival_FindsTheJob()
    {
        var batch = new FakeBatch { After = static (o, _) => o == "SubmitJob" ? BatchException.Server(o, "oops") : null };
        Assert.True(Assert.IsType<SubmissionOutcome.Submitted>(await SubmitAsync(batch)).WasFound);
        Assert.Single(batch.Jobs);
    }

    [Fact]
    public async Task SubmitAsync_LostAfterArrivalAndListedLate_WaitsForIt()
    {
        var batch = new FakeBatch { HiddenLooks = 3, After = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null };
        Assert.True(Assert.IsType<SubmissionOutcome.Submitted>(await SubmitAsync(batch)).WasFound);
        Assert.Equal([1, 2, 4, 8], _time.Waits.Select(w => w.TotalSeconds));
        Assert.Single(batch.Jobs);
    }

    [Fact]
    public async Task SubmitAsync_LostBeforeArrival_RepeatsOnceAfterTheSettledTime()
    {
        var batch = new FakeBatch { Before = static (o, n) => o == "SubmitJob" && n == 1 ? FakeBatch.Lost(o) : null };
        var outcome = await SubmitAsync(batch);
        Assert.False(Assert.IsType<SubmissionOutcome.Submitted>(outcome).WasFound);
        Assert.Equal(2, batch.Calls.Count(c => c == "SubmitJob"));
        Assert.Equal(new SubmissionLimits().Settle, _time.Waits.Aggregate(TimeSpan.Zero, static (a, b) => a + b));
        Assert.Single(batch.Jobs);
    }

    [Fact]
    public async Task SubmitAsync_PerhapsSentBeforeAndThere_IsFoundAndNotSent()
    {
        var batch = new FakeBatch();
        batch.Add("train", s_id.Value, createdAt: long.MaxValue);
        var outcome = await new JobSubmitter(batch, _time).SubmitAsync(s_request, s_id, _time.GetUtcNow() - TimeSpan.FromMinutes(5), Stop);
        Assert.Equal(new SubmissionOutcome.Submitted("job-1", null, "train", WasFound: true), outcome);
        Assert.DoesNotContain("SubmitJob", batch.Calls);
    }

    [Theory]
    [InlineData(300, 0)]
    [InlineData(10, 20)]
    [InlineData(-5, 30)]
    public async Task SubmitAsync_PerhapsSentBeforeAndNotThere_IsSentOnceTheTimeHasSettled(int secondsAgo, int waits)
    {
        var batch = new FakeBatch();
        var outcome =
            await new JobSubmitter(batch, _time).SubmitAsync(s_request, s_id, _time.GetUtcNow() - TimeSpan.FromSeconds(secondsAgo), Stop);
        Assert.IsType<SubmissionOutcome.Submitted>(outcome);
        Assert.Single(batch.Jobs);
        Assert.Equal(waits, _time.Waits.Sum(w => w.TotalSeconds));
    }

    [Fact]
    public async Task SubmitAsync_LostBeforeArrivalTwice_IsUnknownAndSaysHowToLook()
    {
        var batch = new FakeBatch { Before = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null };
        var outcome = Assert.IsType<SubmissionOutcome.Unknown>(await SubmitAsync(batch));
        Assert.Equal("RF3020", outcome.Problem.Code);
        Assert.Contains("not known whether job train was submitted to gpu", outcome.Problem.What, StringComparison.Ordinal);
        Assert.Contains($"{SubmissionId.Tag}={s_id}", outcome.Problem.Cure, StringComparison.Ordinal);
        Assert.Contains("aws batch list-jobs --job-queue gpu", outcome.Problem.Cure, StringComparison.Ordinal);
        Assert.Equal(2, batch.Calls.Count(c => c == "SubmitJob"));
    }

    // The region that was chosen is not the default one of whoever looks.
    [Fact]
    public async Task SubmitAsync_UnknownInAChosenRegion_SaysToLookThere()
    {
        var batch = new FakeBatch { Before = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null };
        var outcome = Assert.IsType<SubmissionOutcome.Unknown>(
            await new JobSubmitter(batch, _time) { Region = "us-west-2" }.SubmitAsync(s_request, s_id, Stop));
        Assert.Contains("submitted to gpu in us-west-2: ", outcome.Problem.What, StringComparison.Ordinal);
        Assert.Contains("values=train --region us-west-2`", outcome.Problem.Cure, StringComparison.Ordinal);
        Assert.Contains("--jobs ID --region us-west-2`", outcome.Problem.Cure, StringComparison.Ordinal);
    }

    // A cluster has neither regions nor the AWS CLI.
    [Fact]
    public async Task SubmitAsync_UnknownOnACluster_SaysHowToLookThere()
    {
        var batch = new FakeBatch { Before = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null };
        var outcome = Assert.IsType<SubmissionOutcome.Unknown>(
            await new JobSubmitter(batch, _time) { IsOfCluster = true }.SubmitAsync(s_request, s_id, Stop));
        Assert.Contains($"squeue -t all --name train.{s_id}", outcome.Problem.Cure, StringComparison.Ordinal);
        Assert.DoesNotContain("aws", outcome.Problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_LookupKeepsFailing_IsUnknownAndNeverRepeats()
    {
        var batch = new FakeBatch
        {
            After = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null,
            Before = static (o, _) => o == "ListJobs" ? FakeBatch.Unreachable(o) : null,
        };
        var outcome = Assert.IsType<SubmissionOutcome.Unknown>(await SubmitAsync(batch));
        Assert.Contains("looking for it failed", outcome.Problem.What, StringComparison.Ordinal);
        Assert.Single(batch.Calls, "SubmitJob");
    }

    [Fact]
    public async Task SubmitAsync_LookupThrottledForAWhile_StillFindsTheJob()
    {
        var batch = new FakeBatch
        {
            After = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null,
            Before = static (o, n) => o == "DescribeJobs" && n <= 2 ? FakeBatch.Throttled(o) : null,
        };
        Assert.True(Assert.IsType<SubmissionOutcome.Submitted>(await SubmitAsync(batch)).WasFound);
    }

    [Fact]
    public async Task SubmitAsync_LookupForbidden_IsUnknownAtOnce()
    {
        var batch = new FakeBatch
        {
            After = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null,
            Before = static (o, _) => o == "ListJobs"
                ? new BatchException(o, new AwsError("AccessDeniedException", "no", System.Net.HttpStatusCode.Forbidden))
                : null,
        };
        Assert.IsType<SubmissionOutcome.Unknown>(await SubmitAsync(batch));
        Assert.Equal(["SubmitJob", "ListJobs"], batch.Calls);
    }

    // The one look that may speak for the job's absence is the last; if it fails, an earlier empty one does not count.
    [Fact]
    public async Task SubmitAsync_OnlyTheLastLookFails_DoesNotRepeat()
    {
        var batch = new FakeBatch
        {
            HiddenLooks = 100,
            After = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null,
            Before = static (o, n) => o == "ListJobs" && n >= 5 ? FakeBatch.Unreachable(o) : null,
        };
        Assert.IsType<SubmissionOutcome.Unknown>(await SubmitAsync(batch));
        Assert.Single(batch.Jobs);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SubmitAsync_RefusedOrUnreachable_IsNotSubmittedAndNotLookedFor(bool isRefused)
    {
        var batch = new FakeBatch { Before = (o, _) => isRefused ? BatchException.Client(o, "no such queue") : FakeBatch.Unreachable(o) };
        Assert.IsType<SubmissionOutcome.NotSubmitted>(await SubmitAsync(batch));
        Assert.Equal(["SubmitJob"], batch.Calls);
    }

    // The first request may still be on its way, so a refusal of the second proves nothing.
    [Fact]
    public async Task SubmitAsync_LostThenRefused_IsUnknown()
    {
        int sent = 0;
        var batch = new FakeBatch
        {
            Before = (o, _) => o != "SubmitJob" ? null : sent++ == 0 ? FakeBatch.Lost(o) : BatchException.Client(o, "no such queue"),
        };
        var outcome = Assert.IsType<SubmissionOutcome.Unknown>(await SubmitAsync(batch));
        Assert.Contains("no such queue", outcome.Problem.What, StringComparison.Ordinal);
        Assert.Equal(2, sent);
    }

    [Fact]
    public async Task SubmitAsync_Throttled_IsNotSubmitted()
    {
        var batch = new FakeBatch { Before = static (o, _) => FakeBatch.Throttled(o) };
        var outcome = Assert.IsType<SubmissionOutcome.NotSubmitted>(await SubmitAsync(batch));
        Assert.Equal("RF3002", outcome.Failure.Problem.Code);
    }

    [Fact]
    public async Task SubmitAsync_ManyJobsOfTheName_FindsItsOwnOnALaterPage()
    {
        var batch = new FakeBatch { PageSize = 7, After = static (o, _) => o == "SubmitJob" ? FakeBatch.Lost(o) : null };
        for (int i = 0; i < 250; i++) batch.Add(i % 3 == 0 ? "Train" : "train", i % 2 == 0 ? $"other-{i}" : null, createdAt: 9_000_000);
        var outcome = Assert.IsType<SubmissionOutcome.Submitted>(await SubmitAsync(batch));
        Assert.Equal("job-251", outcome.JobId);
    }

    [Fact]
    public async Task SubmitAsync_CancelledWhileUnderWay_IsUnknown()
    {
        using var cancel = new CancellationTokenSource();
        var batch = new FakeBatch
        {
            After = (o, _) =>
            {
                cancel.Cancel();
                return new OperationCanceledException(cancel.Token);
            },
        };
        var outcome = await new JobSubmitter(batch, _time).SubmitAsync(s_request, s_id, cancel.Token);
        Assert.Contains("cancelled", Assert.IsType<SubmissionOutcome.Unknown>(outcome).Problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SubmitAsync_CancelledBefore_SendsNothing()
    {
        var batch = new FakeBatch();
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => new JobSubmitter(batch, _time).SubmitAsync(s_request, s_id, new CancellationToken(canceled: true)));
        Assert.Empty(batch.Calls);
    }

    private Task<SubmissionOutcome> SubmitAsync(FakeBatch batch, SubmitJobRequest? request = null) =>
        new JobSubmitter(batch, _time).SubmitAsync(request ?? s_request, s_id, Stop);
}
