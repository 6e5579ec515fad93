namespace Refrag.Policies;

/// <summary>What is declared of how a compute environment may be scaled.</summary>
public sealed record EnvironmentPolicy
{
    /// <summary>Its name, which no other has.</summary>
    public required string Name { get; init; }

    /// <summary>The compute environment: its name, or words between the hyphens of it, in a row.</summary>
    public required string Environment { get; init; }

    /// <summary>The queues whose waiting jobs count; empty for those that have the environment among theirs.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>How its minimum follows the jobs; null if it is left alone.</summary>
    public MinimumPolicy? Minimum { get; init; }

    /// <summary>How its maximum follows a budget; null if it is left alone.</summary>
    public MaximumPolicy? Maximum { get; init; }

    /// <summary>The least time between two changes of the same bound, or of the scale-down delay. Default 5 minutes.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// From 0 to below 1: how far a depth or a wait must be below the step that it has reached before the minimum falls, and how far a
    /// paced maximum must be from the present one before it changes. Default 0.2.
    /// </summary>
    public double Hysteresis { get; init; } = 0.2;

    /// <summary>
    /// How many minutes an instance stays after its last job (<c>minScaleDownDelayMinutes</c>, 20 to 10080); null if it is left alone.
    /// </summary>
    public int? ScaleDownDelayMinutes { get; init; }
}

/// <summary>The minimum that an environment keeps: the highest that one of its rules wants, within its bounds.</summary>
public sealed record MinimumPolicy
{
    /// <summary>vCPUs that it never falls below.</summary>
    public int Least { get; init; }

    /// <summary>vCPUs that it never exceeds.</summary>
    public required int Most { get; init; }

    /// <summary>By how many jobs wait, the fewest first.</summary>
    public IReadOnlyList<DepthStep> Depth { get; init; } = [];

    /// <summary>By how long the oldest of them has waited, the shortest first.</summary>
    public IReadOnlyList<WaitStep> OldestWait { get; init; } = [];

    /// <summary>By the hours of the week.</summary>
    public IReadOnlyList<WeekHours> Hours { get; init; } = [];

    /// <summary>The time zone of the hours.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>How long less must have been wanted before it falls. Default 15 minutes.</summary>
    public TimeSpan LowerAfter { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The most vCPUs by which one change moves it within its bounds; null for any number.</summary>
    public int? Step { get; init; }
}

/// <summary>A minimum from a number of waiting jobs on.</summary>
/// <param name="Jobs">The number of jobs, at least 1.</param>
/// <param name="VCpus">The minimum, in vCPUs.</param>
public sealed record DepthStep(int Jobs, int VCpus);

/// <summary>A minimum from a wait on.</summary>
/// <param name="Wait">How long the oldest job has waited.</param>
/// <param name="VCpus">The minimum, in vCPUs.</param>
public sealed record WaitStep(TimeSpan Wait, int VCpus);

/// <summary>A minimum in some hours of the week.</summary>
/// <param name="Days">The days on which the hours begin.</param>
/// <param name="From">The time of day at which they begin.</param>
/// <param name="Until">
/// The time of day at which they end, up to 24 hours; on the next day if it is not after <paramref name="From"/>.
/// </param>
/// <param name="VCpus">The minimum, in vCPUs.</param>
public sealed record WeekHours(IReadOnlyList<DayOfWeek> Days, TimeSpan From, TimeSpan Until, int VCpus)
{
    /// <summary>Whether a time of the week is in them.</summary>
    /// <param name="local">The time, by the clock of the time zone.</param>
    public bool Contains(DateTime local)
    {
        TimeSpan time = local.TimeOfDay;
        if (Until > From) return Days.Contains(local.DayOfWeek) && time >= From && time < Until;
        return (Days.Contains(local.DayOfWeek) && time >= From) || (Days.Contains(local.AddDays(-1).DayOfWeek) && time < Until);
    }
}

/// <summary>
/// The maximum of an environment: as many vCPUs as what is left of a month's budget pays for until the month's end, within its bounds.
/// </summary>
public sealed record MaximumPolicy
{
    /// <summary>vCPUs that it never falls below, whatever the budget says.</summary>
    public required int Least { get; init; }

    /// <summary>vCPUs that it never exceeds.</summary>
    public required int Most { get; init; }

    /// <summary>The name of the budget.</summary>
    public required string Budget { get; init; }

    /// <summary>
    /// How many times the even rate may be spent, 1 or more: an environment that is not always in use needs more than the even rate at a
    /// time. Default 1.
    /// </summary>
    public double Burst { get; init; } = 1;
}
