using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Tests.EndToEnd;

public sealed class StopTests : EngineTest
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Stop_RunningAndWaiting_AllEnd()
    {
        string running = await Submit(Request());
        FakeAttempt attempt = await Runner.Next();
        await Until(running, JobStatus.Running);
        string waiting = await Submit(Request() with { DependsOn = [new JobDependency { JobId = running }] });
        Task stopped = Batch.StopAsync(Grace);
        Assert.Equal(StopSignal.Terminate, await attempt.NextSignal());
        Assert.False(stopped.IsCompleted);
        attempt.End(143);
        await stopped.Soon();
        Assert.Equal(
            (JobStatus.Failed, "The engine was stopped"), ((await Describe(running)).Status, (await Describe(running)).StatusReason));
        Assert.Equal("The engine was stopped", (await Describe(waiting)).StatusReason);
        Assert.Single(Runner.Starts);
    }

    [Fact]
    public async Task Stop_ProgramDoesNotEnd_IsKilledAfterTheGrace()
    {
        string id = await Submit(Request());
        FakeAttempt attempt = await Runner.Next();
        await Until(id, JobStatus.Running);
        Task stopped = Batch.StopAsync(Grace);
        Assert.Equal(StopSignal.Terminate, await attempt.NextSignal());
        await Describe(id);
        Time.Advance(Grace - TimeSpan.FromSeconds(1));
        await Describe(id);
        Assert.False(attempt.WasSignalled);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopSignal.Kill, await attempt.NextSignal());
        attempt.End(137);
        await stopped.Soon();
    }

    [Fact]
    public async Task Stop_AgainWithoutGrace_KillsAtOnce()
    {
        string id = await Submit(Request());
        FakeAttempt attempt = await Runner.Next();
        await Until(id, JobStatus.Running);
        Task first = Batch.StopAsync(Grace);
        Assert.Equal(StopSignal.Terminate, await attempt.NextSignal());
        Task second = Batch.StopAsync(TimeSpan.Zero);
        await Describe(id);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(StopSignal.Kill, await attempt.NextSignal());
        attempt.End(137);
        await Task.WhenAll(first, second).Soon();
    }

    [Fact]
    public async Task Stop_NothingRuns_IsDoneAtOnceAndTakesNoJobs()
    {
        await Batch.StopAsync(Grace).Soon();
        Assert.Contains("RF4009", await Refused(Submit(Request())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_ArrayWithSequentialChildren_AllFailWithOneReason()
    {
        string id =
            await Submit(
                Request() with
                {
                    ArrayProperties = new ArrayProperties { Size = 50 },
                    DependsOn = [new JobDependency { Type = "SEQUENTIAL" }],
                });
        FakeAttempt attempt = await Runner.Next();
        await Until($"{id}:0", JobStatus.Running);
        Task stopped = Batch.StopAsync(Grace);
        Assert.Equal(StopSignal.Terminate, await attempt.NextSignal());
        attempt.End(143);
        await stopped.Soon();
        Assert.Equal(50, (await Ended(id)).ArrayProperties!.StatusSummary!["FAILED"]);
    }

    [Fact]
    public async Task Dispose_Twice_IsAllowedAndLaterCallsAreRefused()
    {
        await Batch.DisposeAsync();
        await Batch.DisposeAsync();
        Assert.Contains("RF4009", await Refused(Submit(Request())), StringComparison.Ordinal);
    }
}
