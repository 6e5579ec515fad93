using Refrag.Cli.Context;

namespace Refrag.Cli.Tests.Commands.Run;

/// <summary>A run on this machine whose engine ends by itself, which only a fault of refrag or of the system brings about.</summary>
public sealed class EndedEngineTests
{
    [Theory]
    [InlineData("run", "env=local", "--", "true")]
    [InlineData("run", "-m", "--manifest", "FOLDER/m.jsonl", "env=local", "--", "echo", "a=1,2")]
    public async Task Run_EngineEndsByItself_IsReportedOnceWithItsExitCode(params string[] words)
    {
        using TestProgram program = new();
        CliContext context = program.Context with { Time = new FaultyTime() };
        string[] line = [.. words.Select(word => word.Replace("FOLDER", program.Folder.Path, StringComparison.Ordinal))];

        int exit = await RootVerb.Create(context).Parse(line).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken).Soon();

        Assert.True(exit == ExitCodes.EngineFailed, program.Error);
        string reported = Assert.Single(program.Error.Split('\n'), one => one.Contains("RF4020", StringComparison.Ordinal));
        Assert.Contains(FaultyTime.Fault, reported, StringComparison.Ordinal);
        Assert.Empty(program.Output);
    }

    /// <summary>The system's clock, whose hourly timer, which the engine's loop makes at its start, cannot be made.</summary>
    private sealed class FaultyTime : TimeProvider
    {
        public const string Fault = "No timer can be made.";

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            period == TimeSpan.FromHours(1)
                ? throw new InvalidOperationException(Fault)
                : base.CreateTimer(callback, state, dueTime, period);
    }
}
