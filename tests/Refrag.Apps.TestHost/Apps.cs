namespace Refrag.Apps.TestHost;

/// <summary>Says that it is there, and ends by a signal only.</summary>
internal sealed class WaitingApp : IApp
{
    public string Name => "wait";

    public async Task<int> RunAsync(AppRun run, CancellationToken cancellationToken)
    {
        await run.Output.WriteLineAsync(
            $"waiting as rank {run.Worker.Rank} {Environment.GetEnvironmentVariable("RANK")}".AsMemory(), cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, run.Time, cancellationToken);
        return AppExitCodes.Success;
    }
}

/// <summary>Has a bug.</summary>
internal sealed class ThrowingApp : IApp
{
    public string Name => "throw";

    public Task<int> RunAsync(AppRun run, CancellationToken cancellationToken) => throw new InvalidOperationException("a bug");
}
