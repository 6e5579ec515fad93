using Refrag.Scheduling.Fitting;
using Refrag.Scheduling.Queues;

namespace Refrag.Scheduling.Explaining;

/// <summary>Why a job waits, and what would change that. Immutable.</summary>
public sealed record WaitExplanation
{
    /// <summary>The job.</summary>
    public required string JobId { get; init; }

    /// <summary>Its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>Its place in the order of dispatch, from 1.</summary>
    public required int Position { get; init; }

    /// <summary>The job at the head of the queue; the job itself where it is first.</summary>
    public required string Head { get; init; }

    /// <summary>What it needs.</summary>
    public required Requirement Needs { get; init; }

    /// <summary>
    /// The cause that AWS would report, of the head of the queue, which keeps those behind it waiting; null if it only waits for its turn.
    /// </summary>
    public BlockedCause? Cause { get; init; }

    /// <summary>The text of <see cref="Cause"/>, as AWS writes it.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the head waits only because the fair-share policy reserves vCPUs for shares without jobs.</summary>
    public bool IsHeldByReservation { get; init; }

    /// <summary>The queue's compute environments in order, and what each says to this job.</summary>
    public required IReadOnlyList<EnvironmentExplanation> Environments { get; init; }

    /// <summary>
    /// What would get it going, each tried out on a copy of the cluster; the least change first. Empty where only time helps.
    /// </summary>
    public required IReadOnlyList<StartCure> Cures { get; init; }

    /// <summary>When it is expected to start; null if it never will as things stand.</summary>
    public StartForecast? Expected { get; init; }
}

/// <summary>What a compute environment says to a job.</summary>
public enum Verdict
{
    /// <summary>There is room on an instance that runs.</summary>
    HasRoom,

    /// <summary>An instance can be launched for it, or is starting.</summary>
    CanGrow,

    /// <summary>It could run here, but all is taken and the maximum is reached.</summary>
    IsFull,

    /// <summary>EC2 has no capacity.</summary>
    NoCapacity,

    /// <summary>No instance is large enough.</summary>
    TooSmall,

    /// <summary>The job needs more vCPUs than the maximum.</summary>
    AboveMaximum,

    /// <summary>Multi-node jobs do not run here.</summary>
    NoNodes,

    /// <summary>The environment is DISABLED.</summary>
    Disabled,

    /// <summary>The environment is INVALID.</summary>
    Invalid,

    /// <summary>The service role lacks a permission.</summary>
    RoleFault,

    /// <summary>Instance types and image do not go together.</summary>
    Unsupported,

    /// <summary>It is unmanaged and has no instance.</summary>
    Empty,
}

/// <summary>One compute environment and one job.</summary>
public sealed record EnvironmentExplanation
{
    /// <summary>The environment.</summary>
    public required string Name { get; init; }

    /// <summary>What it says.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>The same as a sentence with numbers, without a final full stop.</summary>
    public required string Text { get; init; }

    /// <summary>Each type of a managed fleet with what it lacks; null for other environments.</summary>
    public Fit? Types { get; init; }

    /// <summary>
    /// What each host of an unmanaged environment lacks, one for each capacity that it has; empty for other environments.
    /// </summary>
    public IReadOnlyList<HostFit> Hosts { get; init; } = [];

    /// <summary>vCPUs of its instances, or of its jobs on Fargate.</summary>
    public required decimal UsedVCpus { get; init; }

    /// <summary>The most vCPUs; null for an unmanaged environment.</summary>
    public int? MaxVCpus { get; init; }
}

/// <summary>Hosts of one capacity and what they lack for a job.</summary>
/// <param name="Capacity">What jobs can have on one.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Shortfalls">What one lacks even when idle; empty where it could host the job.</param>
public sealed record HostFit(Amount Capacity, int Count, IReadOnlyList<Shortfall> Shortfalls);

/// <summary>Something that would get a job going.</summary>
/// <param name="Text">What to do, as a sentence without a final full stop.</param>
/// <param name="StartsAtOnce">Whether the job then starts at once; else it starts when the instance that is launched for it is up.</param>
/// <param name="Environment">The environment that is changed; null if another thing is.</param>
/// <param name="Change">The change of the request or the list of types, where it is one.</param>
public sealed record StartCure(string Text, bool StartsAtOnce, string? Environment = null, Change? Change = null);

/// <summary>When a job is expected to start: an interval in which it does in <see cref="LevelPercent"/> of 100 cases.</summary>
/// <param name="Earliest">The beginning of the interval.</param>
/// <param name="Middle">As likely before as after; null if it is as likely not to start at all.</param>
/// <param name="Latest">The end of the interval; null if it is not known: in one future the job does not start within 60 days.</param>
/// <param name="Assumptions">What is assumed, as sentences.</param>
public sealed record StartForecast(
    DateTimeOffset Earliest, DateTimeOffset? Middle, DateTimeOffset? Latest, IReadOnlyList<string> Assumptions)
{
    /// <summary>In how many of 100 cases the job starts within the interval, if what comes is like what was.</summary>
    public const int LevelPercent = 90;
}
