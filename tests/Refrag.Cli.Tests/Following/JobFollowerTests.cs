using Refrag.Aws.Batch;
using Refrag.Cli.Following;
using Refrag.Launching;

namespace Refrag.Cli.Tests.Following;

public sealed class JobFollowerTests : IDisposable
{
    private readonly TestProgram _program = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task FollowAsync_StateStaysForSeveralAnswers_IsNotedOnce()
    {
        JobDetail? end = await FollowAsync(Job("RUNNABLE"), Job("RUNNABLE"), Job("RUNNING"), Job("RUNNING"), Job("SUCCEEDED"));

        Assert.Equal("SUCCEEDED", end?.Status);
        Assert.Equal("train: RUNNABLE\ntrain: RUNNING\ntrain: SUCCEEDED\n", _program.Error);
        Assert.Empty(_program.Output);
    }

    [Fact]
    public async Task FollowAsync_EachAnswer_IsHandedOnBeforeTheNextQuestion()
    {
        DescribedJobs batch = new([Job("RUNNING")], [Job("RUNNING")], [Job("FAILED")]);
        List<(string Status, int Questions)> seen = [];

        await Follower().FollowAsync(Handle(batch), job =>
        {
            seen.Add((job.Status, batch.Asked.Count));
            return Task.CompletedTask;
        }, Stop);

        Assert.Equal([("RUNNING", 1), ("RUNNING", 2), ("FAILED", 3)], seen);
    }

    [Fact]
    public async Task FollowAsync_LogOfAJobThatEnds_ComesBeforeItsEndAndAfterItsStart()
    {
        DescribedJobs batch = new([Job("RUNNING")], [Job("SUCCEEDED")]);

        await Follower().FollowAsync(Handle(batch), job =>
        {
            _program.Context.Terminal.Error($"a line while {job.Status}");
            return Task.CompletedTask;
        }, Stop);

        Assert.Equal("train: RUNNING\na line while RUNNING\na line while SUCCEEDED\ntrain: SUCCEEDED\n", _program.Error);
    }

    [Fact]
    public async Task FollowAsync_ReasonOfTheSameStateChanges_IsNoted()
    {
        await FollowAsync(Job("RUNNABLE"), Job("RUNNABLE") with { StatusReason = "no capacity" }, Job("SUCCEEDED"));

        Assert.Equal("train: RUNNABLE\ntrain: RUNNABLE (no capacity)\ntrain: SUCCEEDED\n", _program.Error);
    }

    [Theory]
    [InlineData("Host EC2 terminated", "not this", 1, "Host EC2 terminated")]
    [InlineData(null, "CannotPullContainerError", 1, "CannotPullContainerError")]
    [InlineData(null, null, 3, "exit code 3")]
    [InlineData(null, null, null, "no reason given")]
    public async Task FollowAsync_WaitsAgainAfterAnAttempt_NotesWhyItEnded(string? status, string? container, int? exit, string why)
    {
        JobDetail again = Job("RUNNABLE") with
        {
            Attempts = [new AttemptDetail
            {
                StatusReason = status,
                Container = new AttemptContainerDetail { Reason = container, ExitCode = exit },
            }],
        };

        await FollowAsync(Job("RUNNING"), again, again, Job("SUCCEEDED") with { Attempts = again.Attempts });

        Assert.Equal($"train: RUNNING\ntrain: RUNNABLE; attempt 1 ended: {why}\ntrain: SUCCEEDED\n", _program.Error);
    }

    [Fact]
    public async Task FollowAsync_LastAttemptOfAJobEnded_NotesItsEndAlone()
    {
        await FollowAsync(Job("RUNNING"), Job("FAILED") with { StatusReason = "exited", Attempts = [new AttemptDetail()] });

        Assert.Equal("train: RUNNING\ntrain: FAILED (exited)\n", _program.Error);
    }

    [Fact]
    public async Task FollowAsync_Array_NotesEachChangeOfItsChildrensStates()
    {
        await FollowAsync(
            Array("PENDING", ("RUNNABLE", 3), ("RUNNING", 0)), Array("PENDING", ("RUNNABLE", 3), ("RUNNING", 0)),
            Array("PENDING", ("RUNNABLE", 1), ("RUNNING", 2)), Array("SUCCEEDED", ("SUCCEEDED", 3)));

        Assert.Equal(
            "train: PENDING: 3 RUNNABLE\ntrain: PENDING: 1 RUNNABLE, 2 RUNNING\ntrain: SUCCEEDED: 3 SUCCEEDED\n", _program.Error);
    }

    [Fact]
    public async Task FollowAsync_BatchNeverKnowsTheJob_EndsWithoutOne()
    {
        Assert.Null(await Follower().FollowAsync(Handle(new DescribedJobs([])), _ => Task.CompletedTask, Stop));
        Assert.Empty(_program.Error);
        // A new job may take a minute to be seen.
        Assert.True(_program.Time.Waits.Sum(wait => wait.TotalSeconds) > 60);
    }

    private Task<JobDetail?> FollowAsync(params JobDetail[] answers) =>
        Follower().FollowAsync(
            Handle(new DescribedJobs([.. answers.Select(answer => (IReadOnlyList<JobDetail>)[answer])])), _ => Task.CompletedTask, Stop);

    private JobFollower Follower() => new(_program.Context.Terminal, PollPace.Remote);

    private JobHandle Handle(DescribedJobs batch) => new(batch, _program.Time, "id", "train");

    private static JobDetail Job(string status) => new() { JobId = "id", Status = status };

    private static JobDetail Array(string status, params (string State, int Count)[] children) => Job(status) with
    {
        ArrayProperties = new ArrayPropertiesDetail
        {
            Size = children.Sum(child => child.Count),
            StatusSummary = children.ToDictionary(child => child.State, child => child.Count),
        },
    };
}
