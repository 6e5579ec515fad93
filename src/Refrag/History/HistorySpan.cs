using System.Runtime.InteropServices;

namespace Refrag.History;

/// <summary>A span of time.</summary>
/// <param name="From">Its first moment.</param>
/// <param name="To">The first moment behind it; later than <paramref name="From"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HistorySpan(DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>All of time.</summary>
    public static HistorySpan Always { get; } = new(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue);

    internal long Start => From.ToUnixTimeMilliseconds();

    internal long End => To.ToUnixTimeMilliseconds();

    /// <summary>How long one of several equal parts is, in whole milliseconds, so that there are no more than that many.</summary>
    internal long Step(int points) => Math.Max(1, (End - Start + points - 1) / points);
}

/// <summary>How many jobs of a queue were in each active state, over a part of a span.</summary>
/// <param name="Queue">The queue's name.</param>
/// <param name="At">The beginning of the part.</param>
/// <param name="Samples">How many samples are in it, at least one: a part without a sample has no point.</param>
/// <param name="Mean">The means of the samples.</param>
/// <param name="Most">The most of each state in a sample.</param>
/// <param name="LongestWait">How long the job that waited longest had waited; null if none waited.</param>
/// <param name="IsCut">Whether a sample had more jobs than were counted.</param>
public sealed record QueueDepthPoint(
    string Queue, DateTimeOffset At, int Samples, QueueCounts Mean, QueueCounts Most, TimeSpan? LongestWait, bool IsCut);

/// <summary>Jobs by active state.</summary>
/// <param name="Submitted">In SUBMITTED.</param>
/// <param name="Pending">In PENDING.</param>
/// <param name="Runnable">In RUNNABLE.</param>
/// <param name="Starting">In STARTING.</param>
/// <param name="Running">In RUNNING.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct QueueCounts(double Submitted, double Pending, double Runnable, double Starting, double Running)
{
    /// <summary>Those that have not started.</summary>
    public double Waiting => Submitted + Pending + Runnable;
}

/// <summary>A compute environment over a part of a span: means, and null for what no sample says.</summary>
/// <param name="Environment">Its name.</param>
/// <param name="At">The beginning of the part.</param>
/// <param name="Samples">How many samples are in it.</param>
public sealed record FleetPoint(string Environment, DateTimeOffset At, int Samples)
{
    /// <summary>The fewest vCPUs that it may have.</summary>
    public double? MinVCpus { get; init; }

    /// <summary>The vCPUs that Batch wants.</summary>
    public double? DesiredVCpus { get; init; }

    /// <summary>The most vCPUs that it may have.</summary>
    public double? MaxVCpus { get; init; }

    /// <summary>Instances.</summary>
    public double? Instances { get; init; }

    /// <summary>The vCPUs of the instances.</summary>
    public double? VCpus { get; init; }

    /// <summary>The vCPUs that tasks have reserved.</summary>
    public double? BusyVCpus { get; init; }

    /// <summary>The GPUs of the instances.</summary>
    public double? Gpus { get; init; }

    /// <summary>The GPUs that tasks have reserved.</summary>
    public double? BusyGpus { get; init; }
}

/// <summary>Instances of one type, zone and market over a part of a span.</summary>
/// <param name="Environment">The compute environment.</param>
/// <param name="At">The beginning of the part.</param>
/// <param name="Type">The type.</param>
/// <param name="Zone">The availability zone.</param>
/// <param name="Market">As <see cref="HostInstance.Market"/> says.</param>
/// <param name="Mean">How many, the mean of the environment's samples that know its instances; a sample without such an instance
/// counts as none.</param>
public sealed record InstancePoint(string Environment, DateTimeOffset At, string Type, string Zone, string Market, double Mean);

/// <summary>A price that was seen.</summary>
/// <param name="At">When.</param>
/// <param name="Price">What.</param>
public sealed record SeenPrice(DateTimeOffset At, PriceSample Price);

/// <summary>A sample of a queue.</summary>
/// <param name="At">When.</param>
/// <param name="Sample">What.</param>
public sealed record SeenQueue(DateTimeOffset At, QueueSample Sample);

/// <summary>A sample of a compute environment.</summary>
/// <param name="At">When.</param>
/// <param name="Sample">What.</param>
public sealed record SeenFleet(DateTimeOffset At, FleetSample Sample);

/// <summary>What the history holds of a place.</summary>
/// <param name="Place">The place.</param>
public sealed record PlaceContents(JobPlace Place)
{
    /// <summary>How many jobs.</summary>
    public long Jobs { get; init; }

    /// <summary>How many attempts.</summary>
    public long Attempts { get; init; }

    /// <summary>When the first of the jobs was submitted; null if there is none.</summary>
    public DateTimeOffset? FirstJob { get; init; }

    /// <summary>When a job was last seen; null if there is none.</summary>
    public DateTimeOffset? LastJob { get; init; }

    /// <summary>How many samples of queues.</summary>
    public long QueueSamples { get; init; }

    /// <summary>How many samples of compute environments.</summary>
    public long FleetSamples { get; init; }

    /// <summary>How many prices.</summary>
    public long Prices { get; init; }

    /// <summary>The first sample of a queue; null if there is none.</summary>
    public DateTimeOffset? FirstSample { get; init; }

    /// <summary>The newest sample of a queue; null if there is none.</summary>
    public DateTimeOffset? NewestSample { get; init; }

    /// <summary>How often more than <see cref="HistoryReader.Gap"/> passed from one sample to the next.</summary>
    public int Gaps { get; init; }

    /// <summary>How long these gaps are together.</summary>
    public TimeSpan GapTime { get; init; }

    /// <summary>The longest of them; zero if there is none.</summary>
    public TimeSpan LongestGap { get; init; }
}
