namespace Refrag.Scheduling.Simulation;

/// <summary>
/// What goes wrong in a rehearsal, and the seed of its chances. Times are from the start of the rehearsal. Immutable; plain data.
/// </summary>
public sealed record Scenario
{
    /// <summary>The seed: the same seed gives the same rehearsal. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>From launch to an instance that takes jobs. Default 90 seconds (assumed: AWS gives no figure).</summary>
    public TimeSpan StartUp { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>From launch to the answer that there is no capacity. Default 15 seconds (assumed).</summary>
    public TimeSpan Refusal { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>What goes wrong.</summary>
    public IReadOnlyList<Injection> Injections { get; init; } = [];
}

/// <summary>One thing that goes wrong from one time to another.</summary>
public abstract record Injection
{
    private protected Injection() { }

    /// <summary>From when; default from the start.</summary>
    public TimeSpan From { get; init; }

    /// <summary>Until when; default forever.</summary>
    public TimeSpan Until { get; init; } = TimeSpan.MaxValue;

    /// <summary>The region in which it happens; null for every region.</summary>
    public string? Region { get; init; }

    /// <summary>Whether it counts at a time after the start.</summary>
    public bool IsOn(TimeSpan at) => at >= From && at < Until;
}

/// <summary>EC2 has no capacity for a type.</summary>
/// <param name="Type">The type, or a beginning followed by <c>*</c>.</param>
/// <param name="Zone">The zone; null for all.</param>
/// <param name="IsSpot">Whether Spot or on-demand instances are wanting; null for both.</param>
public sealed record InsufficientCapacity(string Type, string? Zone = null, bool? IsSpot = null) : Injection
{
    /// <summary>Whether it keeps an instance from being launched, while it counts.</summary>
    public bool Concerns(Deciding.Launch launch) => Concerns(launch.Type, launch.Zone, launch.IsSpot);

    /// <summary>The same of what an instance would be.</summary>
    public bool Concerns(string type, string zone, bool isSpot) =>
        Pattern.Matches(Type, type) && (Zone is null || Zone == zone) && (IsSpot is null || IsSpot == isSpot);
}

/// <summary>Spot instances are reclaimed at <see cref="Injection.From"/>: one, some, or a storm that takes a part of all.</summary>
/// <param name="Count">How many at most; null for no limit.</param>
/// <param name="Part">Which part of the running Spot instances: above 0, at most 1.</param>
/// <param name="Environment">The name of the environment; null for all.</param>
public sealed record SpotReclaim(int? Count = 1, double Part = 1, string? Environment = null) : Injection;

/// <summary>Spot instances are reclaimed by chance, each at this rate.</summary>
/// <param name="PerHour">How often an instance is reclaimed in an hour on average; above 0.</param>
/// <param name="Environment">The name of the environment; null for all.</param>
public sealed record SpotRate(double PerHour, string? Environment = null) : Injection
{
    /// <summary>Whether it counts for the Spot instances of an environment.</summary>
    public bool Concerns(string? environment) => Environment is null || Environment == environment;
}

/// <summary>Instances take longer to start.</summary>
/// <param name="Extra">How much longer.</param>
public sealed record SlowStart(TimeSpan Extra) : Injection;

/// <summary>The service role lacks a permission, so that an environment launches nothing.</summary>
/// <param name="Environment">The environment.</param>
public sealed record RoleFault(string Environment) : Injection;

/// <summary>Images cannot be pulled, so that attempts fail at once.</summary>
/// <param name="Environment">The name of the environment; null for all.</param>
public record ImageFault(string? Environment = null) : Injection;

/// <summary>The way to the registry is gone, an endpoint or a route, so that no image is pulled and attempts fail.</summary>
/// <param name="Environment">The name of the environment whose hosts have lost it; null for all.</param>
public sealed record EndpointGone(string? Environment = null) : ImageFault(Environment);

/// <summary>A role is gone, so that attempts of jobs that name it fail at once.</summary>
/// <param name="Role">Its ARN or its name, or the beginning of either followed by <c>*</c>.</param>
public sealed record RoleGone(string Role) : Injection
{
    /// <summary>Whether it is the role with this ARN.</summary>
    public bool Concerns(string arn) => Pattern.Matches(Role, arn) || Pattern.Matches(Role, arn[(arn.LastIndexOf('/') + 1)..]);
}

/// <summary>
/// Batch says of a job at the head that it is too large, though an instance for it is starting. It did so once, about three minutes after
/// the submission, in an environment that scaled from zero. (nextflow#7479) The job starts all the same.
/// </summary>
/// <param name="After">How long the job has been RUNNABLE by then.</param>
/// <param name="Environment">The name of the environment whose instance starts; null for all.</param>
public sealed record TransientReason(TimeSpan After, string? Environment = null) : Injection
{
    /// <summary>The time that was reported.</summary>
    public static TimeSpan Reported { get; } = TimeSpan.FromSeconds(188);
}

internal static class Pattern
{
    public static bool Matches(string pattern, string text) => pattern.EndsWith('*')
        ? text.AsSpan().StartsWith(pattern.AsSpan()[..^1], StringComparison.Ordinal)
        : pattern == text;
}
