namespace Refrag.Usage;

/// <summary>When a GPU counts as one that did nothing.</summary>
public static class IdleGpu
{
    /// <summary>How long a GPU must have been watched before its idleness is likely and not only possible, in seconds.</summary>
    public const double LikelySeconds = 60;

    private const int LeastSamples = 3;

    /// <summary>
    /// Whether no sample saw it compute. A GPU that does not report it, as one that is divided, is never idle; short work between two
    /// samples is not seen.
    /// </summary>
    public static bool Is(GpuUsage gpu) => gpu is { BusyPercentPeak: 0, Samples: >= LeastSamples };
}
