using System.Globalization;

namespace Refrag.Policies;

/// <summary>
/// Keeps instances warm for jobs that wait, and a maximum that a budget pays for. Within declared bounds, one change of a bound in a
/// cool-down, and not back before the jobs have clearly become fewer.
/// </summary>
public static class ScalingPolicy
{
    /// <summary>The step that changes the minimum.</summary>
    public const string Minimum = "minimum";

    /// <summary>The step that changes the maximum.</summary>
    public const string Maximum = "maximum";

    /// <summary>The step that sets how long instances stay after their last job.</summary>
    public const string ScaleDownDelay = "scale-down-delay";

    // What is left of a month in its last hour would otherwise be spent at any rate.
    private const decimal LeastHours = 1;

    /// <summary>What is to be done now; empty for nothing. The same arguments give the same actions.</summary>
    /// <param name="policy">What is declared.</param>
    /// <param name="seen">What was read.</param>
    /// <param name="memory">What is known from before.</param>
    /// <param name="number">The number of the observation, which is part of the actions' identity.</param>
    public static IReadOnlyList<PolicyAction> Decide(
        EnvironmentPolicy policy, EnvironmentObservation seen, ScalingMemory memory, int number)
    {
        List<PolicyAction> actions = [];
        int least = seen.MinVCpus;
        if (policy.Minimum is { } minimum && Lowest(policy, minimum, seen, memory, number) is { } set)
        {
            actions.Add(set);
            least = set.VCpus;
        }
        // A maximum below the minimum would be refused: the minimum is first.
        if (policy.Maximum is { } maximum && Highest(policy, maximum, seen, memory, number, least) is { } change) actions.Add(change);
        // Within the cool-down too: a change that Batch refuses would otherwise be made again in each round.
        if (policy.ScaleDownDelayMinutes is { } minutes && minutes != seen.ScaleDownDelayMinutes
            && !IsCooling(policy, memory.DelayChangedAt, seen.At))
        {
            actions.Add(new SetScaleDownDelay(seen.Environment, number, ScaleDownDelay, minutes)
            {
                Reason = Text($"policy {policy.Name} declares {minutes} minutes"),
            });
        }
        return actions;
    }

    /// <summary>Whether the minimum is still wanted, with what the hysteresis allows.</summary>
    internal static bool IsNeeded(EnvironmentPolicy policy, MinimumPolicy minimum, EnvironmentObservation seen) =>
        Wanted(minimum, seen, 1 - policy.Hysteresis).VCpus >= seen.MinVCpus;

    private static SetMinimum? Lowest(
        EnvironmentPolicy policy, MinimumPolicy minimum, EnvironmentObservation seen, ScalingMemory memory, int number)
    {
        int now = seen.MinVCpus;
        (int vCpus, string why) = Possible(minimum, seen, 1);
        if (IsCooling(policy, memory.MinimumChangedAt, seen.At)) return null;
        if (vCpus <= now)
        {
            (vCpus, why) = Possible(minimum, seen, 1 - policy.Hysteresis);
            bool isBeyond = now > minimum.Most;
            if (vCpus >= now || (!isBeyond && IsNeededSince(minimum, memory, seen.At))) return null;
        }
        // What is outside of the bounds moves into them at once.
        if (minimum.Step is { } step && now >= minimum.Least && now <= minimum.Most && Math.Abs((long)vCpus - now) > step)
        {
            why = Text($"{why}; {vCpus} in steps of {step}");
            vCpus = vCpus > now ? now + step : now - step;
        }
        return new SetMinimum(seen.Environment, number, Minimum, vCpus) { Reason = why };
    }

    private static bool IsNeededSince(MinimumPolicy minimum, ScalingMemory memory, DateTimeOffset at)
    {
        DateTimeOffset? needed = memory.MinimumNeededAt > memory.MinimumChangedAt || memory.MinimumChangedAt is null
            ? memory.MinimumNeededAt
            : memory.MinimumChangedAt;
        return needed is { } since && at - since < minimum.LowerAfter;
    }

    // What is wanted, as far as the maximum allows it.
    private static (int VCpus, string Why) Possible(MinimumPolicy minimum, EnvironmentObservation seen, double part)
    {
        (int vCpus, string why) = Wanted(minimum, seen, part);
        return vCpus > seen.MaxVCpus ? (seen.MaxVCpus, Text($"{why}, at most the maximum {seen.MaxVCpus}")) : (vCpus, why);
    }

    // A part below 1 lowers what a step asks for: what was reached is kept until the jobs are that much fewer.
    private static (int VCpus, string Why) Wanted(MinimumPolicy minimum, EnvironmentObservation seen, double part)
    {
        (int vCpus, string why) best = (0, Text($"{seen.Depth} jobs wait"));
        void Take(int vCpus, string why)
        {
            if (vCpus > best.vCpus) best = (vCpus, why);
        }
        foreach (DepthStep step in minimum.Depth)
        {
            if (seen.Depth >= step.Jobs * part) Take(step.VCpus, Text($"{seen.Depth} jobs wait ({step.VCpus} vCPUs from {step.Jobs} on)"));
        }
        foreach (WaitStep step in minimum.OldestWait)
        {
            if (seen.Depth == 0 || seen.OldestWait < step.Wait * part) continue;
            Take(step.VCpus, Text($"a job has waited for {Minutes(seen.OldestWait)} ({step.VCpus} vCPUs from {Minutes(step.Wait)} on)"));
        }
        DateTime local = TimeZoneInfo.ConvertTime(seen.At, minimum.Zone).DateTime;
        foreach (WeekHours hours in minimum.Hours)
        {
            if (hours.Contains(local)) Take(hours.VCpus, Text($"{local:ddd HH:mm} ({hours.VCpus} vCPUs in these hours)"));
        }
        return best.vCpus > minimum.Most ? (minimum.Most, $"{best.why}, at most {minimum.Most}")
            : best.vCpus < minimum.Least ? (minimum.Least, $"{best.why}, at least {minimum.Least}")
            : best;
    }

    private static PolicyAction? Highest(
        EnvironmentPolicy policy, MaximumPolicy maximum, EnvironmentObservation seen, ScalingMemory memory, int number, int least)
    {
        if (seen.Pace is not { } pace)
        {
            return new Warn(seen.Environment, number, Maximum)
            {
                Reason = seen.Unpriced.Count > 0
                    ? $"none of its instance types has a known price ({string.Join(", ", seen.Unpriced)})"
                    : $"what budget {maximum.Budget} has left is not known",
            };
        }
        int now = seen.MaxVCpus;
        (int paced, string why) = Paced(maximum, pace);
        int target = Math.Max(paced, least);
        bool isOutside = now < maximum.Least || now > maximum.Most;
        if (target == now || (!isOutside && !IsFar(policy, maximum, now, target))) return null;
        if (IsCooling(policy, memory.MaximumChangedAt, seen.At)) return null;
        if (target > now || seen.DesiredVCpus <= target)
            return new SetMaximum(seen.Environment, number, Maximum, target) { Reason = why };
        // Batch refuses a maximum below the vCPUs that it wants now, and wants more than the maximum by up to an instance.
        // (github.com/ASFHyP3/hyp3/issues/2965)
        string rest = Text($"{why}; {seen.DesiredVCpus} are in use, {seen.DesiredVCpus - target} more than that");
        return seen.DesiredVCpus < now
            ? new SetMaximum(seen.Environment, number, Maximum, seen.DesiredVCpus) { Reason = $"{rest}: the rest as instances end" }
            : new Warn(seen.Environment, number, Maximum) { Reason = $"{rest}: nothing can be lowered before instances end" };
    }

    // The ends of the range are taken however near they are.
    private static bool IsFar(EnvironmentPolicy policy, MaximumPolicy maximum, int now, int target) =>
        target == maximum.Least || target == maximum.Most || Math.Abs(target - now) >= policy.Hysteresis * now;

    private static (int VCpus, string Why) Paced(MaximumPolicy maximum, BudgetPace pace)
    {
        decimal hours = Math.Max(LeastHours, (decimal)pace.Left.TotalHours);
        decimal hourly = Math.Max(0, pace.LeftUsd) / hours * (decimal)maximum.Burst;
        decimal vCpus = Math.Floor(hourly / pace.UsdPerVCpuHour);
        int within = (int)Math.Clamp(vCpus, maximum.Least, maximum.Most);
        return (within, Text(
            $"budget {maximum.Budget} has ${pace.LeftUsd:0.00} left for {hours:0} h: ${hourly:0.00} an hour pays for {vCpus} vCPUs"));
    }

    private static bool IsCooling(EnvironmentPolicy policy, DateTimeOffset? changed, DateTimeOffset at) =>
        changed is { } since && at - since < policy.CoolDown;

    private static string Minutes(TimeSpan time) => Text($"{Math.Floor(time.TotalMinutes):0} min");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
