using Refrag.Aws.Batch;
using Refrag.Costs;
using Refrag.Monitoring;
using Refrag.Scheduling;
using Refrag.Usage;

namespace Refrag.Dashboard.Details;

/// <summary>What a job has cost so far, in USD.</summary>
internal sealed record CostFigures
{
    /// <summary>All of it.</summary>
    public required decimal Usd { get; init; }

    /// <summary>What AWS's bill allocates to it.</summary>
    public required decimal Billed { get; init; }

    /// <summary>Of parts whose instance was measured.</summary>
    public required decimal Measured { get; init; }

    /// <summary>Of parts whose instance is assumed.</summary>
    public required decimal Assumed { get; init; }

    /// <summary>Of all of it, what attempts that failed have cost.</summary>
    public required decimal Failed { get; init; }

    /// <summary>What it rests on, in a word or two.</summary>
    public required string Basis { get; init; }

    /// <summary>Where the figures come from.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    public static CostFigures Of(RecordedCost cost) => new()
    {
        Usd = cost.Usd,
        Billed = cost.BilledUsd,
        Measured = cost.MeasuredUsd,
        Assumed = cost.AssumedUsd,
        Failed = cost.FailedUsd,
        Basis = cost.Basis,
        Sources = cost.Sources,
    };
}

/// <summary>What a job has used beside what it asked for.</summary>
internal sealed record UseFigures
{
    /// <summary>How many parts were measured.</summary>
    public required int Parts { get; init; }

    /// <summary>The attempt, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>How long it was measured, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>How many samples there are.</summary>
    public required int Samples { get; init; }

    /// <summary>Whether its end was seen.</summary>
    public required bool Final { get; init; }

    /// <summary>The figures, each beside the request.</summary>
    public required IReadOnlyList<UseLine> Lines { get; init; }

    public static UseFigures Of(JobUsage usage, JobDetail job)
    {
        Amount asked = JobNeeds.Of(job).Amount;
        List<UseLine> lines =
        [
            new("vCPUs", "vCPU", asked.MilliVCpus / 1000.0, usage.Used.VCpusAverage, usage.Used.VCpusPeak),
            new("Memory", "MiB", asked.MemoryMiB, usage.Used.MemoryAverageMiB, usage.Used.MemoryPeakMiB),
        ];
        foreach (var gpu in usage.Used.Gpus ?? [])
        {
            lines.Add(new($"GPU {gpu.Id} busy", "%", 100, gpu.BusyPercentAverage, gpu.BusyPercentPeak));
            lines.Add(new($"GPU {gpu.Id} memory", "MiB", gpu.MemoryMiB, null, gpu.MemoryPeakMiB));
        }
        if (usage.Used is { DiskSizeMiB: { } size, DiskUsedPeakMiB: { } peak }) lines.Add(new("Disk", "MiB", size, null, peak));
        return new UseFigures
        {
            Parts = usage.Parts,
            Attempt = usage.Attempt,
            Seconds = usage.Used.Seconds,
            Samples = usage.Used.Samples,
            Final = usage.Used.IsFinal,
            Lines = lines,
        };
    }
}

/// <summary>One figure of use.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Unit">The unit of the numbers.</param>
/// <param name="Asked">What was asked for; null if that is not known.</param>
/// <param name="Average">On average; null if not known.</param>
/// <param name="Peak">At most; null if not known.</param>
internal sealed record UseLine(string Name, string Unit, double? Asked, double? Average, double? Peak);

/// <summary>When a job is expected to start. Times are milliseconds since 1970, in the clock of the server.</summary>
internal sealed record StartFigures
{
    /// <summary>The server's time of the question.</summary>
    public required long AskedAt { get; init; }

    /// <summary>The beginning of the interval.</summary>
    public required long Earliest { get; init; }

    /// <summary>As likely before as after; null if it is as likely not to start at all.</summary>
    public long? Middle { get; init; }

    /// <summary>The end of the interval; null if it is not known.</summary>
    public long? Latest { get; init; }

    /// <summary>In how many of 100 cases it starts within the interval.</summary>
    public required int Level { get; init; }

    /// <summary>What is assumed.</summary>
    public required IReadOnlyList<string> Assumptions { get; init; }

    public static StartFigures Of(DescribeStartResponse start) => new()
    {
        AskedAt = start.AskedAt.ToUnixTimeMilliseconds(),
        Earliest = start.Earliest!.Value.ToUnixTimeMilliseconds(),
        Middle = start.Middle?.ToUnixTimeMilliseconds(),
        Latest = start.Latest?.ToUnixTimeMilliseconds(),
        Level = start.LevelPercent,
        Assumptions = start.Assumptions,
    };
}
