namespace Refrag;

/// <summary>
/// What an attempt of a job has used so far, as it was sampled. A peak is the largest sample, and what happens between two samples is not
/// seen, except where the kernel keeps a peak itself. What is not known is null.
/// </summary>
public sealed record AttemptUsage
{
    /// <summary>How long it was measured, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>How many samples were taken.</summary>
    public required int Samples { get; init; }

    /// <summary>Whether it is the last word: the attempt has ended.</summary>
    public bool IsFinal { get; init; }

    /// <summary>The processors that it used on average, in vCPUs.</summary>
    public double? VCpusAverage { get; init; }

    /// <summary>The most that it used between two samples, in vCPUs.</summary>
    public double? VCpusPeak { get; init; }

    /// <summary>Memory on average, in MiB, without files that the kernel caches.</summary>
    public long? MemoryAverageMiB { get; init; }

    /// <summary>The largest sample of that.</summary>
    public long? MemoryPeakMiB { get; init; }

    /// <summary>The peak that the kernel keeps, in MiB, with cached files: no moment is missed.</summary>
    public long? MemoryKernelPeakMiB { get; init; }

    /// <summary>
    /// The largest peak of a single process, in MiB, as the kernel keeps it (ru_maxrss); null if it may be that of refrag, its parent.
    /// </summary>
    public long? LargestProcessMiB { get; init; }

    /// <summary>What it read from disks, in MiB.</summary>
    public long? DiskReadMiB { get; init; }

    /// <summary>What it wrote to disks, in MiB.</summary>
    public long? DiskWrittenMiB { get; init; }

    /// <summary>The most that was used of the file system that it works on, in MiB, by whomever.</summary>
    public long? DiskUsedPeakMiB { get; init; }

    /// <summary>The size of that file system, in MiB.</summary>
    public long? DiskSizeMiB { get; init; }

    /// <summary>Its GPUs, as NVIDIA's tools see them; null if they gave no answer.</summary>
    public IReadOnlyList<GpuUsage>? Gpus { get; init; }
}

/// <summary>What an attempt has used of one GPU.</summary>
public sealed record GpuUsage
{
    /// <summary>The GPU's number on its host.</summary>
    public required string Id { get; init; }

    /// <summary>The GPU's name: <c>NVIDIA A10G</c>.</summary>
    public string? Name { get; init; }

    /// <summary>How many samples were taken.</summary>
    public required int Samples { get; init; }

    /// <summary>How long it was watched: from the first sample to the last, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The part of the time in which it computed, in percent, on average; null if the GPU does not report it.</summary>
    public double? BusyPercentAverage { get; init; }

    /// <summary>The largest sample of that.</summary>
    public double? BusyPercentPeak { get; init; }

    /// <summary>The largest sample of its memory in use, in MiB.</summary>
    public long? MemoryPeakMiB { get; init; }

    /// <summary>The memory that it has, in MiB.</summary>
    public long? MemoryMiB { get; init; }
}
