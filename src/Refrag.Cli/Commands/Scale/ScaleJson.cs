using System.Text.Json.Serialization;
using Refrag.Cli.Context;
using Refrag.Policies;
using Refrag.Scaling;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Scale;

/// <summary>
/// A line of <c>refrag scale plan --json</c>, <c>refrag scale apply --json</c> and <c>refrag scale watch --json</c>: a change with the
/// observation that caused it.
/// </summary>
internal sealed record ScaledBound
{
    /// <summary>The state of a change that is only planned.</summary>
    public const string Planned = "planned";

    /// <summary>The state of a change that was made.</summary>
    public const string Changed = "changed";

    /// <summary>The state of a bound that would change and cannot.</summary>
    public const string Stays = "stays";

    /// <summary>The compute environment.</summary>
    public required string ComputeEnvironment { get; init; }

    /// <summary>The policy's name.</summary>
    public required string Policy { get; init; }

    /// <summary>What changes: <c>minimum</c>, <c>maximum</c> (in vCPUs) or <c>scale-down-delay</c> (in minutes).</summary>
    public required string Bound { get; init; }

    /// <summary><c>planned</c>, <c>changed</c>, or <c>stays</c> where it cannot be changed now.</summary>
    public required string State { get; init; }

    /// <summary>The value before; left out if none was set.</summary>
    public int? From { get; init; }

    /// <summary>The value after; left out if it stays.</summary>
    public int? To { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>When the environment and the queues were read.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many jobs waited for instances, each child of an array for itself.</summary>
    public required int Waiting { get; init; }

    /// <summary>How long the oldest of them had waited since its submission, in seconds.</summary>
    public required double OldestWaitSeconds { get; init; }

    /// <summary>The vCPUs that Batch wanted of the environment.</summary>
    public required int DesiredVcpus { get; init; }

    /// <summary>What the budget had left, in USD; left out if the policy names none.</summary>
    public decimal? BudgetLeftUsd { get; init; }

    public static ScaledBound Of(ScalingDecision decision, PolicyAction action, string state)
    {
        EnvironmentObservation seen = decision.Seen;
        return new ScaledBound
        {
            ComputeEnvironment = seen.Environment,
            Policy = decision.Target.Policy.Name,
            Bound = action.Step,
            State = state,
            From = action.Step switch
            {
                ScalingPolicy.Minimum => seen.MinVCpus,
                ScalingPolicy.Maximum => seen.MaxVCpus,
                _ => seen.ScaleDownDelayMinutes,
            },
            To = action switch
            {
                SetMinimum set => set.VCpus,
                SetMaximum set => set.VCpus,
                SetScaleDownDelay set => set.Minutes,
                _ => null,
            },
            Reason = action.Reason,
            At = seen.At,
            Waiting = seen.Depth,
            OldestWaitSeconds = Math.Round(seen.OldestWait.TotalSeconds),
            DesiredVcpus = seen.DesiredVCpus,
            BudgetLeftUsd = JsonOutput.Rounded(seen.Pace?.LeftUsd),
        };
    }
}

/// <summary>A line of <c>refrag scale plan --replay --json</c>: a trace without or with the policies.</summary>
internal sealed record ReplayedScaling
{
    /// <summary>Whether the policies were applied.</summary>
    public required bool Scaled { get; init; }

    /// <summary>The name of the world.</summary>
    public required string World { get; init; }

    /// <summary>How many jobs the trace has.</summary>
    public required int Jobs { get; init; }

    /// <summary>How many of them never started.</summary>
    public required int NeverStarted { get; init; }

    /// <summary>The median of the waits until the first start, in seconds; left out if half of the jobs never started.</summary>
    public double? WaitSeconds { get; init; }

    /// <summary>The 90th percentile of the waits, in seconds; left out if a tenth of the jobs never started.</summary>
    public double? WaitP90Seconds { get; init; }

    /// <summary>The 99th percentile of the waits, in seconds; left out if a hundredth of the jobs never started.</summary>
    public double? WaitP99Seconds { get; init; }

    /// <summary>What whole instances cost from launch to end, in USD; left out if one has no price.</summary>
    public double? Usd { get; init; }

    /// <summary>How many changes the policies made.</summary>
    public required int Changes { get; init; }

    private const double MillisecondsASecond = 1000;

    public static ReplayedScaling Of(World world, RunResult run) => new()
    {
        Scaled = world.Scaling is not null,
        World = world.Name,
        Jobs = run.All.Jobs,
        NeverStarted = run.All.NeverStarted,
        WaitSeconds = Seconds(run.All.Wait(0.5)),
        WaitP90Seconds = Seconds(run.All.Wait(0.9)),
        WaitP99Seconds = Seconds(run.All.Wait(0.99)),
        Usd = run.Usd is { } usd ? Math.Round(usd, 2) : null,
        Changes = run.Changes,
    };

    private static double? Seconds(double milliseconds) => double.IsInfinity(milliseconds) ? null : milliseconds / MillisecondsASecond;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(ScaledBound))]
[JsonSerializable(typeof(ReplayedScaling))]
internal sealed partial class ScaleJson : JsonSerializerContext;
