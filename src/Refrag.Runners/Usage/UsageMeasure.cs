using System.Runtime.InteropServices;

namespace Refrag.Runners.Usage;

/// <summary>What is known of an attempt at one moment; null for what is not.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UsageMeasure
{
    /// <summary>The processor time that it has used since it began, in seconds.</summary>
    public double? CpuSeconds { get; init; }

    /// <summary>The memory that it has now, in bytes, without files that the kernel caches.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The most memory that the kernel has counted, in bytes, with cached files.</summary>
    public long? MemoryPeakBytes { get; init; }

    /// <summary>What it has read from disks, in bytes.</summary>
    public long? ReadBytes { get; init; }

    /// <summary>What it has written to disks, in bytes.</summary>
    public long? WrittenBytes { get; init; }
}

/// <summary>One GPU at one moment.</summary>
/// <param name="Index">Its number, as NVIDIA's tools count.</param>
/// <param name="Uuid">Its UUID: <c>GPU-…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="BusyPercent">The part of the last moments in which it computed; null if it does not report it.</param>
/// <param name="MemoryMiB">Its memory in use; null if it does not report it.</param>
/// <param name="TotalMiB">The memory that it has; null if it does not report it.</param>
internal sealed record GpuSample(string Index, string Uuid, string Name, double? BusyPercent, long? MemoryMiB, long? TotalMiB);

/// <summary>What the kernel has counted of processes that have ended and were waited for.</summary>
/// <param name="CpuSeconds">Their processor time, in seconds.</param>
/// <param name="LargestBytes">The largest peak of one of them, in bytes; null if it is not known to be theirs.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EndedUse(double CpuSeconds, long? LargestBytes);
