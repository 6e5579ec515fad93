namespace Refrag.WhatIf;

/// <summary>What became of a part of a workload: of all jobs, of those without GPUs, or of those with GPUs.</summary>
/// <param name="Waits">How long each job that started waited for its first start, in milliseconds, the shortest first.</param>
public sealed record WorkResult(IReadOnlyList<long> Waits)
{
    /// <summary>How many jobs there are.</summary>
    public required int Jobs { get; init; }

    /// <summary>How many never started.</summary>
    public int NeverStarted => Jobs - Waits.Count;

    /// <summary>How many ended as failed: by their timeout, or with their host and without attempts left.</summary>
    public required int Failed { get; init; }

    /// <summary>How many attempts were lost with their instance or failed, and were followed by another.</summary>
    public required int Retried { get; init; }

    /// <summary>USD at the jobs' shares of their instances while they ran; null if an instance has no price.</summary>
    public required double? Usd { get; init; }

    /// <summary>
    /// The shortest wait that this part of all jobs does not exceed, in milliseconds; infinite if that many never started.
    /// </summary>
    /// <param name="part">Above 0, at most 1: 0.9 for the 90th percentile.</param>
    public double Wait(double part)
    {
        if (Jobs == 0) return 0;
        int rank = Math.Max(1, (int)Math.Ceiling(part * Jobs));
        return rank <= Waits.Count ? Waits[rank - 1] : double.PositiveInfinity;
    }
}

/// <summary>A queue whose head waits at the end, and could not start any more.</summary>
/// <param name="Job">The job at its head, with its place in the trace.</param>
/// <param name="Reason">Why, in Batch's words.</param>
public sealed record StuckJob(string Job, string Reason);

/// <summary>What one run of a workload in a world came to.</summary>
public sealed record RunResult
{
    /// <summary>The seed of its chances.</summary>
    public required ulong Seed { get; init; }

    /// <summary>Of all jobs.</summary>
    public required WorkResult All { get; init; }

    /// <summary>Of the jobs without GPUs.</summary>
    public required WorkResult Cpu { get; init; }

    /// <summary>Of the jobs with GPUs.</summary>
    public required WorkResult Gpu { get; init; }

    /// <summary>From the first submission to the last end.</summary>
    public required TimeSpan Makespan { get; init; }

    /// <summary>USD of all instances, whole, from launch to end; null if one has no price.</summary>
    public required double? Usd { get; init; }

    /// <summary>Types that ran and have no price.</summary>
    public required IReadOnlyList<string> Unpriced { get; init; }

    /// <summary>The vCPU-hours that jobs asked for, as a part of those that instances had; null without instances.</summary>
    public required double? VCpuUse { get; init; }

    /// <summary>The same of GPUs.</summary>
    public required double? GpuUse { get; init; }

    /// <summary>How many instances were launched.</summary>
    public required int Instances { get; init; }

    /// <summary>How many of them were reclaimed.</summary>
    public required int Reclaimed { get; init; }

    /// <summary>The most vCPUs that each environment had at one time, or was asked for where requests are counted.</summary>
    public required IReadOnlyDictionary<string, long> PeakVCpus { get; init; }

    /// <summary>Jobs that no instance will ever take, and why.</summary>
    public required IReadOnlyList<StuckJob> Stuck { get; init; }

    /// <summary>How many times scaling policies have changed an environment.</summary>
    public int Changes { get; init; }

    /// <summary>How many events there were.</summary>
    public required long Events { get; init; }
}

/// <summary>One job's times.</summary>
/// <param name="Index">Its place in the workload, from 0.</param>
/// <param name="SubmittedAt">Milliseconds since the start.</param>
/// <param name="StartedAt">When its first attempt started; -1 for never.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Attempts">How many attempts it had.</param>
/// <param name="HasSucceeded">Whether it succeeded.</param>
public readonly record struct JobTimes(int Index, long SubmittedAt, long StartedAt, long EndedAt, int Attempts, bool HasSucceeded);
