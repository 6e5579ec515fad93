using Microsoft.Extensions.Time.Testing;
using Refrag.Runners.Attempts;
using Refrag.Runners.Simulation;

namespace Refrag.Runners.Tests.Simulation;

public sealed class SimulatedRunnerTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private readonly CollectedOutput _output = new();

    [Fact]
    public async Task Start_NothingSaid_TakesASecondAndSucceeds()
    {
        IRunningAttempt attempt = await StartAsync([]);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.False(attempt.Exit.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(new AttemptExit(0), await attempt.Exit.Soon());
    }

    [Fact]
    public async Task Start_EnvironmentSays_TakesThatLongAndEndsSo()
    {
        IRunningAttempt attempt = await StartAsync(
            new()
            {
                ["REFRAG_SIM_SECONDS"] = "90000.5",
                ["REFRAG_SIM_EXIT_CODE"] = "3",
                ["REFRAG_SIM_REASON"] =
                "CannotPullContainerError: pull",
                ["REFRAG_SIM_OUTPUT"] = "hello"
            },
            new() { ["REFRAG_SIM_SECONDS"] = "1" });
        _time.Advance(TimeSpan.FromSeconds(90_000));
        Assert.False(attempt.Exit.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new AttemptExit(3, "CannotPullContainerError: pull"), await attempt.Exit.Soon());
        Assert.Equal(["hello"], _output.Out);
    }

    [Theory]
    [InlineData("2", 9)]
    [InlineData("3", 0)]
    public async Task Start_TwoAttemptsFail_TheThirdSucceeds(string attemptNumber, int expected)
    {
        IRunningAttempt attempt = await StartAsync(
            new() { ["AWS_BATCH_JOB_ATTEMPT"] = attemptNumber },
            new() { ["REFRAG_SIM_SECONDS"] = "0", ["REFRAG_SIM_EXIT_CODE"] = "9", ["REFRAG_SIM_FAILED_ATTEMPTS"] = "2" });
        Assert.Equal(expected, (await attempt.Exit.Soon()).ExitCode);
    }

    [Fact]
    public async Task Signal_Terminate_EndsAfterItsStopTimeAndKillAtOnce()
    {
        IRunningAttempt polite = await StartAsync([]), stubborn =
            await StartAsync(new() { ["REFRAG_SIM_SECONDS"] = "500", ["REFRAG_SIM_STOP_SECONDS"] = "60" });
        foreach (IRunningAttempt attempt in new[] { polite, stubborn }) attempt.Signal(StopSignal.Terminate);
        Assert.Equal(143, (await polite.Exit.Soon()).ExitCode);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.False(stubborn.Exit.IsCompleted);
        stubborn.Signal(StopSignal.Kill);
        Assert.Equal(137, (await stubborn.Exit.Soon()).ExitCode);
    }

    [Theory]
    [InlineData("REFRAG_SIM_SECONDS", "-1")]
    [InlineData("REFRAG_SIM_SECONDS", "soon")]
    [InlineData("REFRAG_SIM_SECONDS", "1e300")]
    [InlineData("REFRAG_SIM_EXIT_CODE", "256")]
    [InlineData("REFRAG_SIM_EXIT_CODE", "1.5")]
    public async Task Start_NotAValue_FailsAndSaysWhich(string name, string value)
    {
        AttemptExit exit = await (await StartAsync(new() { [name] = value })).Exit.Soon();
        Assert.False(exit.Started);
        Assert.StartsWith(
            $"CannotStartContainerError: RF4030 {name}={value} is not a number from 0 to ", exit.Reason, StringComparison.Ordinal);
    }

    private Task<IRunningAttempt> StartAsync(Dictionary<string, string> environment, Dictionary<string, string>? parameters = null) =>
        new SimulatedRunner(_time).StartAsync(
            new AttemptStart { Command = [], Environment = environment, WorkingDirectory = "/", Parameters = parameters ?? [] }, _output,
            TestContext.Current.CancellationToken);
}
