using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Runners.Containers;

/// <summary>A container that runs an attempt.</summary>
internal sealed class ContainerAttempt : IRunningAttempt
{
    private const int SignalBase = 128;

    // The engine writes the last lines a moment after the end.
    private static readonly TimeSpan TimeToDrain = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    // An engine that answers, but with a fault of its own, has this many tries; afterwards the attempt counts as lost.
    private const int MostTries = 60;

    private readonly DockerApi _docker;
    private readonly string _id;
    private readonly bool _removes;
    private readonly TimeProvider _time;
    private readonly LogFrames _frames;
    private readonly OomCounter _oom;
    private volatile bool _killed;

    public ContainerAttempt(
        DockerApi docker, string id, IOutputSink output, bool removes, OomCounter oom, TimeProvider time, CancellationToken leave)
    {
        (_docker, _id, _removes, _oom, _time) = (docker, id, removes, oom, time);
        _frames = new LogFrames(output);
        Exit = RunAsync(leave);
    }

    /// <inheritdoc/>
    public Task<AttemptExit> Exit { get; }

    /// <inheritdoc/>
    public void Signal(StopSignal signal)
    {
        _killed |= signal is StopSignal.Kill;
        if (!Exit.IsCompleted) _ = SendAsync(signal is StopSignal.Kill ? "SIGKILL" : "SIGTERM");
    }

    private async Task SendAsync(string signal)
    {
        for (int tries = 0; tries < MostTries;)
        {
            try
            {
                await _docker.KillAsync(_id, signal, CancellationToken.None);
                return;
            }
            catch (DockerException e) when (!e.IsTransient)
            {
                // It has ended already.
                return;
            }
            catch (DockerException e)
            {
                if (!e.IsAway) tries++;
                await Task.Delay(BetweenTries, _time, CancellationToken.None);
                if (Exit.IsCompleted) return;
            }
        }
    }

    private async Task<AttemptExit> RunAsync(CancellationToken leave)
    {
        await Task.Yield();
        try
        {
            return await ToEndAsync(leave);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // The engine goes and the container stays; its end is not heard of here any more.
            await new TaskCompletionSource().Task;
            throw;
        }
        catch (DockerException e)
        {
            return new AttemptExit(null, $"Host EC2 (instance localhost) terminated: {e.Message}");
        }
    }

    private async Task<AttemptExit> ToEndAsync(CancellationToken leave)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(leave);
        Task<InspectedContainer?> end = EndAsync(leave);
        Task logs = FollowAsync(end, stop.Token);
        InspectedContainer? ended = await end;
        await Task.WhenAny(logs, Task.Delay(TimeToDrain, _time, leave));
        await stop.CancelAsync();
        await logs;
        _frames.Finish();
        if (_removes) await TryRemoveAsync();
        return ended is null
            ? new AttemptExit(null, "Host EC2 (instance localhost) terminated: the container was removed.")
            : Describe(ended.State);
    }

    // A follow that breaks, or ends before its container, is taken up again where it was; only one that began after the end has seen
    // everything. A log that the engine does not offer stays empty, and the job is as well as before.
    private async Task FollowAsync(Task end, CancellationToken cancellationToken)
    {
        for (int tries = 0; tries < MostTries;)
        {
            bool isLast = end.IsCompleted;
            try
            {
                await using Stream stream = await _docker.LogsAsync(_id, _frames.Since, cancellationToken);
                await _frames.ReadAsync(stream, cancellationToken);
                if (isLast) return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception e) when (e is InvalidDataException or DockerException { IsTransient: false })
            {
                return;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or DockerException)
            {
                if (isLast && e is DockerException { IsAway: false }) tries++;
            }
            Task pause = Task.Delay(BetweenTries, _time, cancellationToken);
            await Task.WhenAny(isLast ? pause : Task.WhenAny(end, pause));
        }
    }

    private async Task<InspectedContainer?> EndAsync(CancellationToken leave)
    {
        int tries = 0;
        while (true)
        {
            try
            {
                await _docker.WaitAsync(_id, leave);
                InspectedContainer? now = await _docker.InspectAsync(_id, leave);
                if (now is not { State.Running: true }) return now;
            }
            catch (DockerException e) when (e.IsNotFound)
            {
                return null;
            }
            catch (DockerException e) when (e.IsAway || (e.IsTransient && tries++ < MostTries))
            {
                // While the engine is away the container may run: its attempt is not over, however long that takes.
                await Task.Delay(BetweenTries, _time, leave);
            }
        }
    }

    private async Task TryRemoveAsync()
    {
        try
        {
            await _docker.RemoveAsync(_id, CancellationToken.None);
        }
        catch (DockerException)
        {
            // It stays; its label says whose it was.
        }
    }

    // podman says of a container that ran out of memory only that it got a SIGKILL; that the machine's count of such kills rose, and that
    // we sent none, says the rest.
    private AttemptExit Describe(ContainerState state)
    {
        bool byMemory = state.OOMKilled || (state.ExitCode == SignalBase + LibC.SigKill && !_killed && OomCounter.Read().IsAbove(_oom));
        return new AttemptExit(state.ExitCode,
            byMemory && state.ExitCode != 0 ? AttemptExit.OutOfMemory : string.IsNullOrEmpty(state.Error) ? null : state.Error);
    }
}
