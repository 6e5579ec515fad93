using Refrag.Usage;

namespace Refrag.Cli.Connections;

/// <summary>What a job has used, as it was sampled. A peak is the largest sample, except where the kernel keeps one.</summary>
internal sealed record JobUse
{
    /// <summary>How many array children or nodes were measured; 1 for other jobs.</summary>
    public required int Parts { get; init; }

    /// <summary>The newest attempt that was measured, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>How long it was measured, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>How many samples there are.</summary>
    public required int Samples { get; init; }

    /// <summary>Whether its end was seen; else it is what was known last.</summary>
    public required bool Final { get; init; }

    /// <summary>The vCPUs that it used on average; left out if not known, as is each of the following.</summary>
    public double? VcpusAverage { get; init; }

    /// <summary>The most vCPUs that it used between two samples.</summary>
    public double? VcpusPeak { get; init; }

    /// <summary>Memory on average in MiB, without cached files.</summary>
    public long? MemoryAverageMiB { get; init; }

    /// <summary>The largest sample of memory in MiB, without cached files.</summary>
    public long? MemoryPeakMiB { get; init; }

    /// <summary>The peak of memory that the kernel keeps, in MiB, with cached files.</summary>
    public long? MemoryKernelPeakMiB { get; init; }

    /// <summary>The peak of the largest single process in MiB, as the kernel keeps it.</summary>
    public long? LargestProcessMiB { get; init; }

    /// <summary>What it read from disks, in MiB.</summary>
    public long? DiskReadMiB { get; init; }

    /// <summary>What it wrote to disks, in MiB.</summary>
    public long? DiskWrittenMiB { get; init; }

    /// <summary>The most that was in use of the file system that it started on, in MiB.</summary>
    public long? DiskUsedPeakMiB { get; init; }

    /// <summary>The size of that file system, in MiB.</summary>
    public long? DiskSizeMiB { get; init; }

    /// <summary>Its GPUs; left out if NVIDIA's tools gave no answer.</summary>
    public IReadOnlyList<GpuUse>? Gpus { get; init; }

    public static JobUse Of(JobUsage usage) => new()
    {
        Parts = usage.Parts,
        Attempt = usage.Attempt,
        Seconds = usage.Used.Seconds,
        Samples = usage.Used.Samples,
        Final = usage.Used.IsFinal,
        VcpusAverage = usage.Used.VCpusAverage,
        VcpusPeak = usage.Used.VCpusPeak,
        MemoryAverageMiB = usage.Used.MemoryAverageMiB,
        MemoryPeakMiB = usage.Used.MemoryPeakMiB,
        MemoryKernelPeakMiB = usage.Used.MemoryKernelPeakMiB,
        LargestProcessMiB = usage.Used.LargestProcessMiB,
        DiskReadMiB = usage.Used.DiskReadMiB,
        DiskWrittenMiB = usage.Used.DiskWrittenMiB,
        DiskUsedPeakMiB = usage.Used.DiskUsedPeakMiB,
        DiskSizeMiB = usage.Used.DiskSizeMiB,
        Gpus = usage.Used.Gpus is { } gpus ? [.. gpus.Select(GpuUse.Of)] : null,
    };
}

/// <summary>What a job has used of one GPU.</summary>
internal sealed record GpuUse
{
    /// <summary>The GPU's number on its host.</summary>
    public required string Id { get; init; }

    /// <summary>The GPU's name.</summary>
    public string? Name { get; init; }

    /// <summary>How many samples there are.</summary>
    public required int Samples { get; init; }

    /// <summary>The time from the first sample to the last, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>In how much of the time it computed, in percent; left out if it does not report it.</summary>
    public double? BusyPercentAverage { get; init; }

    /// <summary>The largest sample of that.</summary>
    public double? BusyPercentPeak { get; init; }

    /// <summary>The largest sample of its memory in use, in MiB.</summary>
    public long? MemoryPeakMiB { get; init; }

    /// <summary>The memory that it has, in MiB.</summary>
    public long? MemoryMiB { get; init; }

    public static GpuUse Of(GpuUsage gpu) => new()
    {
        Id = gpu.Id,
        Name = gpu.Name,
        Samples = gpu.Samples,
        Seconds = gpu.Seconds,
        BusyPercentAverage = gpu.BusyPercentAverage,
        BusyPercentPeak = gpu.BusyPercentPeak,
        MemoryPeakMiB = gpu.MemoryPeakMiB,
        MemoryMiB = gpu.MemoryMiB,
    };
}
