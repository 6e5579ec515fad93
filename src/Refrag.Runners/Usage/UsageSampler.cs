namespace Refrag.Runners.Usage;

/// <summary>
/// Samples attempts, one after the other, in rounds. After a round it rests for a thousand times the processor time that the round took, up
/// to a limit, so that all of it takes about a thousandth of a processor at most. What it meets never reaches an attempt.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="pace">How often.</param>
/// <param name="gpus">Asks for the GPUs; null if there is nothing to ask.</param>
internal sealed class UsageSampler(TimeProvider time, UsagePace pace, NvidiaSmi? gpus) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly HashSet<SampledAttempt> _attempts = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _rounds = Task.CompletedTask;
    private bool _isRunning;
    private bool _isWarm;
    private TimeSpan _gpusDue;
    private readonly long _begin = time.GetTimestamp();

    /// <summary>The sampler of an engine in this process; null if the user wants none, or nothing can be measured here.</summary>
    public static UsageSampler? OfEngine()
    {
        // By the machine's clock, whatever the jobs' clock is.
        TimeProvider time = TimeProvider.System;
        return OperatingSystem.IsLinux()
            && UsageSetting.Read(Environment.GetEnvironmentVariable(UsageSetting.Variable)).Interval is { } interval
            ? new UsageSampler(time, UsagePace.OfEngine(interval), NvidiaSmi.Find(Environment.GetEnvironmentVariable("PATH"), time))
            : null;
    }

    /// <summary>Begins to sample an attempt.</summary>
    /// <param name="source">Where its figures come from.</param>
    /// <param name="report">Takes what it has used so far; from any thread.</param>
    public SampledAttempt Add(UsageSource source, Action<AttemptUsage> report)
    {
        var attempt = new SampledAttempt(source, pace, time, Quiet(report), Remove);
        lock (_lock)
        {
            _attempts.Add(attempt);
            if (!_isRunning && !_stop.IsCancellationRequested) (_isRunning, _rounds) = (true, RunAsync());
        }
        return attempt;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task ended = Task.WhenAll(_stop.CancelAsync(), _rounds);
        // A round may hang, as on a file system that does not answer.
        await Task.WhenAny(ended, Task.Delay(s_patience, time, CancellationToken.None));
        if (ended.IsCompleted) _stop.Dispose();
    }

    private void Remove(SampledAttempt attempt)
    {
        lock (_lock) _attempts.Remove(attempt);
    }

    private async Task RunAsync()
    {
        await Task.Yield();
        TimeSpan pause = pace.Interval / 2;
        while (true)
        {
            try
            {
                await Task.Delay(pause, time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            SampledAttempt[] attempts;
            lock (_lock)
            {
                attempts = [.. _attempts];
                // Nothing runs: it costs nothing.
                if (attempts.Length == 0)
                {
                    _isRunning = false;
                    return;
                }
            }
            TimeSpan cost = Round(attempts);
            // The first round is compiled as it runs, once.
            pause = pace.After(_isWarm ? cost : TimeSpan.Zero);
            _isWarm = true;
            await TryAskGpusAsync(attempts);
        }
    }

    private static TimeSpan Round(SampledAttempt[] attempts)
    {
        // A busy machine makes a round long, and not dear.
        TimeSpan before = ChildTimes.OfThisThread();
        Func<ProcessSnapshot> processes = SampledAttempt.ProcessesNow();
        foreach (SampledAttempt attempt in attempts) Try(() => attempt.Sample(processes));
        return ChildTimes.OfThisThread() - before;
    }

    private async Task TryAskGpusAsync(SampledAttempt[] attempts)
    {
        try
        {
            await AskGpusAsync(attempts);
        }
#pragma warning disable CA1031, RCS1075 // Figures are missing; the next rounds are not.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }

    private async Task AskGpusAsync(SampledAttempt[] attempts)
    {
        if (gpus is null || time.GetElapsedTime(_begin) < _gpusDue || !Array.Exists(attempts, attempt => attempt.WantsGpus)) return;
        TimeSpan asked = time.GetElapsedTime(_begin);
        _gpusDue = asked + pace.AfterGpus(TimeSpan.Zero);
        double before = ChildTimes.Read()?.CpuSeconds ?? 0;
        IReadOnlyList<GpuSample> samples = await gpus.AskAsync(_stop.Token);
        double cost = (ChildTimes.Read()?.CpuSeconds ?? 0) - before;
        TimeSpan answered = time.GetElapsedTime(_begin);
        // Children of jobs that ended meanwhile are counted too.
        _gpusDue = answered + pace.AfterGpus(TimeSpan.FromSeconds(Math.Min(cost, (answered - asked).TotalSeconds)));
        if (samples.Count == 0) return;
        foreach (SampledAttempt attempt in attempts.Where(attempt => attempt.WantsGpus)) attempt.Sample(samples);
    }

    private static Action<AttemptUsage> Quiet(Action<AttemptUsage> report) => usage => Try(() => report(usage));

    /// <summary>Does what must not hinder a job: any fault is passed over.</summary>
    internal static void Try(Action act)
    {
        try
        {
            act();
        }
#pragma warning disable CA1031, RCS1075 // A figure is missing; the job is not.
        catch (Exception)
#pragma warning restore CA1031, RCS1075
        {
        }
    }
}
