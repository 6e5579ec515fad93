using System.Collections.Concurrent;
using System.Threading.Channels;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Tests;

/// <summary>Starts nothing: the test decides what becomes of every attempt.</summary>
internal sealed class FakeRunner : IRunner
{
    private readonly Channel<FakeAttempt> _starts = Channel.CreateUnbounded<FakeAttempt>();

    /// <summary>Where set, decides at once with which exit code a start ends; null leaves it running.</summary>
    public Func<AttemptStart, int?>? Decide { get; init; }

    /// <summary>What a start waits for; null for nothing.</summary>
    public Func<AttemptStart, Task>? Before { get; init; }

    /// <summary>What an earlier engine left running: every adoption finds it; null for nothing.</summary>
    public FakeAttempt? Left { get; init; }

    /// <summary>What its sweep comes to; null for success.</summary>
    public Exception? SweepFault { get; init; }

    public RunnerReport Report { get; init; } = new() { Kind = RunnerKind.Process, Summary = "A test's." };

    public ConcurrentQueue<AttemptStart> Starts { get; } = new();

    public async Task<IRunningAttempt> StartAsync(AttemptStart start, IOutputSink output, CancellationToken cancellationToken)
    {
        if (Before is { } before) await before(start);
        var attempt = new FakeAttempt(start, output);
        Starts.Enqueue(start);
        if (Decide?.Invoke(start) is { } code) attempt.End(code);
        else _starts.Writer.TryWrite(attempt);
        return attempt;
    }

    public Task<Adoption> AdoptAsync(AttemptIdentity identity, IOutputSink output, CancellationToken cancellationToken) =>
        Task.FromResult(Left is null ? Adoption.NeverStarted : new Adoption(AdoptionState.Found, Left));

    public Task SweepAsync(IReadOnlySet<AttemptIdentity> known, CancellationToken cancellationToken) =>
        SweepFault is null ? Task.CompletedTask : Task.FromException(SweepFault);

    /// <summary>The next attempt that was started and not decided at once.</summary>
    public Task<FakeAttempt> Next() => _starts.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();

    public bool HasNext => _starts.Reader.TryPeek(out _);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

internal sealed class FakeAttempt(AttemptStart start, IOutputSink output) : IRunningAttempt
{
    private readonly TaskCompletionSource<AttemptExit> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<StopSignal> _signals = Channel.CreateUnbounded<StopSignal>();

    public Task<AttemptExit> Exit => _exit.Task;

    public IReadOnlyDictionary<string, string> Environment => start.Environment;

    public IReadOnlyList<string> Command => start.Command;

    public string JobId => start.Environment["AWS_BATCH_JOB_ID"];

    public void Print(string text) => output.Write(new OutputLine(DateTimeOffset.UnixEpoch, OutputSource.Out, text));

    public void End(int code) => _exit.TrySetResult(new AttemptExit(code));

    public void Signal(StopSignal signal) => _signals.Writer.TryWrite(signal);

    public Task<StopSignal> NextSignal() => _signals.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().Soon();

    public bool WasSignalled => _signals.Reader.TryPeek(out _);
}
