using System.Globalization;

namespace Refrag.Policies;

/// <summary>What a policy knows of a compute environment: what was read for one decision, at one time.</summary>
public sealed record EnvironmentObservation
{
    /// <summary>The environment's name.</summary>
    public required string Environment { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Its minimum, in vCPUs.</summary>
    public required int MinVCpus { get; init; }

    /// <summary>Its maximum, in vCPUs.</summary>
    public required int MaxVCpus { get; init; }

    /// <summary>The vCPUs that Batch wants of it now; one instance may take them above the maximum.</summary>
    public required int DesiredVCpus { get; init; }

    /// <summary>How many minutes its instances stay after their last job; null if nothing is set.</summary>
    public int? ScaleDownDelayMinutes { get; init; }

    /// <summary>How many jobs wait for instances (RUNNABLE), each child of an array for itself.</summary>
    public required int Depth { get; init; }

    /// <summary>How long the oldest of them has waited since its submission; zero if none waits.</summary>
    public required TimeSpan OldestWait { get; init; }

    /// <summary>What is left of the budget that paces the maximum; null if it is not known.</summary>
    public BudgetPace? Pace { get; init; }

    /// <summary>The environment's instance types if it is not known because none of them has a price; else empty.</summary>
    public IReadOnlyList<string> Unpriced { get; init; } = [];

    /// <summary>The observation in words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Depth} jobs wait, the oldest for {OldestWait.TotalMinutes:0} min; minimum {MinVCpus}, maximum {MaxVCpus}, {DesiredVCpus} vCPUs");
}

/// <summary>What is left of a month's budget.</summary>
/// <param name="LeftUsd">USD that are not spent; negative if it is exceeded.</param>
/// <param name="Left">How long the month lasts yet.</param>
/// <param name="UsdPerVCpuHour">What a vCPU of the environment costs in an hour at most, in USD; above 0.</param>
public sealed record BudgetPace(decimal LeftUsd, TimeSpan Left, decimal UsdPerVCpuHour);

/// <summary>What was found out about what a month's budget has left for an environment.</summary>
/// <param name="Pace">What it has left; null if that is not known, or no budget paces the environment.</param>
/// <param name="Unpriced">The instance types if none of them has a price; else empty.</param>
public sealed record PaceReading(BudgetPace? Pace, IReadOnlyList<string> Unpriced)
{
    /// <summary>Nothing is known, for another reason than a price.</summary>
    public static PaceReading Unknown { get; } = new(null, []);
}

/// <summary>What a host remembers of an environment from one round to the next.</summary>
public sealed record ScalingMemory
{
    /// <summary>When the minimum was changed last; null if that is not known.</summary>
    public DateTimeOffset? MinimumChangedAt { get; init; }

    /// <summary>When the maximum was changed last; null if that is not known.</summary>
    public DateTimeOffset? MaximumChangedAt { get; init; }

    /// <summary>When the scale-down delay was changed last, or its change was refused; null if that is not known.</summary>
    public DateTimeOffset? DelayChangedAt { get; init; }

    /// <summary>When the present minimum was wanted last; null if that was not seen.</summary>
    public DateTimeOffset? MinimumNeededAt { get; init; }

    /// <summary>The same after a round in which the minimum was, or was not, still wanted.</summary>
    /// <param name="policy">What is declared.</param>
    /// <param name="seen">What was read.</param>
    public ScalingMemory Seeing(EnvironmentPolicy policy, EnvironmentObservation seen) =>
        policy.Minimum is { } minimum && ScalingPolicy.IsNeeded(policy, minimum, seen) ? this with { MinimumNeededAt = seen.At } : this;

    /// <summary>The same after an action was taken.</summary>
    /// <param name="action">The action.</param>
    /// <param name="at">When.</param>
    public ScalingMemory Having(PolicyAction action, DateTimeOffset at) => action switch
    {
        SetMinimum => this with { MinimumChangedAt = at },
        SetMaximum => this with { MaximumChangedAt = at },
        SetScaleDownDelay => this with { DelayChangedAt = at },
        _ => this,
    };
}
