namespace Refrag.Usage;

/// <summary>What one attempt of a job, of an array child or of a node has used.</summary>
/// <param name="Part">The array index or the node number; null for a job of one container.</param>
/// <param name="Attempt">The attempt, from 1.</param>
/// <param name="Used">What it has used so far.</param>
public sealed record PartUsage(int? Part, int Attempt, AttemptUsage Used);

/// <summary>What a job has used: the largest of its parts, for its request is the same for each.</summary>
/// <param name="Parts">How many parts it is of.</param>
/// <param name="Attempt">The newest attempt among them.</param>
/// <param name="Used">The largest of each figure.</param>
public sealed record JobUsage(int Parts, int Attempt, AttemptUsage Used)
{
    /// <summary>Of the newest attempt of each part; null if none is known.</summary>
    public static JobUsage? OfNewest(IReadOnlyList<PartUsage> parts) =>
        Of([.. parts.GroupBy(part => part.Part).Select(of => of.MaxBy(part => part.Attempt)!)]);

    /// <summary>Of all attempts: one that was ended early has used less. Null if none is known.</summary>
    public static JobUsage? Of(IReadOnlyList<PartUsage> parts)
    {
        if (parts.Count == 0) return null;
        AttemptUsage[] all = [.. parts.Select(part => part.Used)];
        return new JobUsage(parts.Select(part => part.Part).Distinct().Count(), parts.Max(part => part.Attempt), new AttemptUsage
        {
            Seconds = all.Max(used => used.Seconds),
            Samples = all.Sum(used => used.Samples),
            IsFinal = Array.TrueForAll(all, used => used.IsFinal),
            VCpusAverage = all.Max(used => used.VCpusAverage),
            VCpusPeak = all.Max(used => used.VCpusPeak),
            MemoryAverageMiB = all.Max(used => used.MemoryAverageMiB),
            MemoryPeakMiB = all.Max(used => used.MemoryPeakMiB),
            MemoryKernelPeakMiB = all.Max(used => used.MemoryKernelPeakMiB),
            LargestProcessMiB = all.Max(used => used.LargestProcessMiB),
            DiskReadMiB = all.Max(used => used.DiskReadMiB),
            DiskWrittenMiB = all.Max(used => used.DiskWrittenMiB),
            DiskUsedPeakMiB = all.Max(used => used.DiskUsedPeakMiB),
            DiskSizeMiB = all.Max(used => used.DiskSizeMiB),
            // The attempt that used most of them stands for all.
            Gpus = all.Where(used => used.Gpus is not null).MaxBy(Busy)?.Gpus,
        });
    }

    private static (int Used, double Percent) Busy(AttemptUsage used) =>
        (used.Gpus!.Count(gpu => !IdleGpu.Is(gpu)), used.Gpus!.Sum(gpu => gpu.BusyPercentAverage ?? 100));
}
