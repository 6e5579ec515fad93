using Refrag.Engine.Logs;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Loop;

/// <summary>Starts programs and reports what becomes of them; it decides nothing.</summary>
internal sealed class Launcher(IRunner runner, Action<EngineMessage> post)
{
    /// <summary>Starts one node. Everything that happens comes back as messages.</summary>
    public void Start(string jobId, int attempt, int node, AttemptStart start, LogStream log) => _ = RunAsync(jobId, attempt, node, start, log);

    private async Task RunAsync(string jobId, int attempt, int node, AttemptStart start, LogStream log)
    {
        // Starting a program takes a millisecond that the writer loop has better uses for.
        await Task.Yield();
        AttemptExit exit = await RunAsync(running => post(new NodeStarted(jobId, attempt, node, running)), start, log);
        log.Complete();
        post(new NodeEnded(jobId, attempt, node, exit));
    }

    private async Task<AttemptExit> RunAsync(Action<IRunningAttempt> started, AttemptStart start, LogStream log)
    {
        try
        {
            IRunningAttempt running = await runner.StartAsync(start, log, CancellationToken.None);
            if (running is not EndedAttempt) started(running);
            return await running.Exit;
        }
#pragma warning disable CA1031 // A runner that breaks fails one attempt, with its reason; it must not leave the job running for ever.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new AttemptExit(null, $"CannotStartContainerError: {e.Message}", Started: false);
        }
    }
}
