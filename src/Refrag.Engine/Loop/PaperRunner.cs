using Refrag.Engine.Runners;

namespace Refrag.Engine.Loop;

/// <summary>Executes on paper: an attempt ends at once, and well.</summary>
internal sealed class PaperRunner(TimeProvider time) : IRunner
{
    public Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken)
    {
        output.Write(new OutputLine(time.GetUtcNow(), OutputSource.Out, "Nothing was run: the job was executed on paper."));
        return Task.FromResult<IRunningAttempt>(new PaperAttempt());
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class PaperAttempt : IRunningAttempt
    {
        public Task<AttemptExit> Exit { get; } = Task.FromResult(new AttemptExit(0));

        public void Signal(StopSignal signal)
        {
            // It has ended.
        }
    }
}
