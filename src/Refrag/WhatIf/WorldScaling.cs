using Refrag.Budgets;
using Refrag.Policies;
using Refrag.Scaling;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Environments;
using Refrag.Scheduling.Simulation;

namespace Refrag.WhatIf;

/// <summary>The scaling policies of a world. They are the same code that <c>refrag scale watch</c> applies.</summary>
/// <param name="Policies">The policies, each for an environment of its own.</param>
/// <param name="Interval">How often they are applied, of virtual time.</param>
/// <param name="Budgets">The budgets that they name, in USD a month: what all instances of the world cost counts to each.</param>
public sealed record WorldScaling(
    IReadOnlyList<EnvironmentPolicy> Policies, TimeSpan Interval, IReadOnlyDictionary<string, decimal> Budgets)
{
    /// <summary>The code of a policy that does not fit the world.</summary>
    private const string Code = "RF8176";

    /// <summary>What applies them during one run; a problem for each that does not fit the world.</summary>
    internal Result<WorldScaler> Start(World world, Cluster cluster, Func<DateTimeOffset, double> spent)
    {
        List<Problem> problems = [];
        List<ScaledEnvironment> scaled = [];
        foreach (EnvironmentPolicy policy in Policies)
        {
            // As of a deployment: what no queue uses is not scaled.
            string[] names =
            [
                .. world.Environments.Select(one => one.Name)
                    .Where(name => world.Queues.Any(queue => queue.Environments.Contains(name))),
            ];
            IReadOnlyList<string> near = EnvironmentMatch.Find(names, policy.Environment);
            if (near.Count != 1) problems.Add(NoEnvironment(world, policy, names));
            else if (policy.Queues.Except(world.Queues.Select(queue => queue.Name), StringComparer.Ordinal).FirstOrDefault() is { } missing)
                problems.Add(NoQueue(world, policy, missing));
            else scaled.Add(new ScaledEnvironment(policy, near[0], QueuesOf(world, policy, near[0])));
        }
        return problems.Count > 0
            ? Result<WorldScaler>.Failure(problems)
            : new WorldScaler(this, world, cluster, spent, scaled);
    }

    private static IReadOnlyList<string> QueuesOf(World world, EnvironmentPolicy policy, string environment) =>
        policy.Queues.Count > 0
            ? policy.Queues
            : [.. world.Queues.Where(queue => queue.Environments.Contains(environment)).Select(queue => queue.Name)];

    private static Problem NoEnvironment(World world, EnvironmentPolicy policy, string[] names) => new()
    {
        Code = Code,
        What = $"The world {world.Name} has no environment {policy.Environment}, which scaling policy {policy.Name} is for",
        Cure = $"Name one of {string.Join(", ", names)}.{Suggestion.Sentence(policy.Environment, names)}",
    };

    private static Problem NoQueue(World world, EnvironmentPolicy policy, string queue) => new()
    {
        Code = Code,
        What = $"The world {world.Name} has no queue {queue}, whose jobs scaling policy {policy.Name} counts",
        Cure = $"Name one of {string.Join(", ", world.Queues.Select(one => one.Name))}.",
    };
}

/// <summary>A policy of a run with what it scales.</summary>
internal sealed record ScaledEnvironment(EnvironmentPolicy Policy, string Name, IReadOnlyList<string> Queues);

/// <summary>Applies the policies of a world during one run: reads, decides and changes as a host does with Batch.</summary>
internal sealed class WorldScaler(
    WorldScaling scaling, World world, Cluster cluster, Func<DateTimeOffset, double> spent, IReadOnlyList<ScaledEnvironment> environments)
{
    private readonly Dictionary<string, ScalingMemory> _memories = environments.ToDictionary(one => one.Name, _ => new ScalingMemory());
    private readonly Dictionary<string, decimal?> _prices = world.Environments.ToDictionary(
        one => one.Name, one => EnvironmentPrice.PerVCpuHour(one, world.Types, world.Prices));
    private BudgetMonth? _month;
    private double _spentBefore;

    /// <summary>How many changes were made.</summary>
    public int Changes { get; private set; }

    /// <summary>What the simulator calls.</summary>
    public SimulatedScaling Hook => new(scaling.Interval, Decide);

    private List<ComputeEnvironment> Decide(DateTimeOffset now)
    {
        List<ComputeEnvironment> changed = [];
        foreach (ScaledEnvironment one in environments)
        {
            (ComputeEnvironment before, int vCpus) = cluster.SizeOf(one.Name);
            EnvironmentObservation seen = Observe(one, before, vCpus, now);
            ScalingMemory memory = _memories[one.Name].Seeing(one.Policy, seen);
            ComputeEnvironment after = before;
            foreach (PolicyAction action in ScalingPolicy.Decide(one.Policy, seen, memory, Changes + 1))
            {
                if (With(after, action) is not { } next) continue;
                after = next;
                memory = memory.Having(action, now);
                Changes++;
            }
            _memories[one.Name] = memory;
            if (after != before) changed.Add(after);
        }
        return changed;
    }

    private EnvironmentObservation Observe(ScaledEnvironment one, ComputeEnvironment environment, int vCpus, DateTimeOffset now)
    {
        (int Jobs, DateTimeOffset? Oldest)[] depths = [.. one.Queues.Select(cluster.DepthOf)];
        DateTimeOffset? oldest = depths.Select(depth => depth.Oldest).Min();
        return new EnvironmentObservation
        {
            Environment = one.Name,
            At = now,
            MinVCpus = environment.MinVCpus,
            MaxVCpus = environment.MaxVCpus,
            DesiredVCpus = vCpus,
            ScaleDownDelayMinutes = environment.ScaleDownDelay is { } delay ? (int)delay.TotalMinutes : null,
            Depth = depths.Sum(depth => depth.Jobs),
            OldestWait = oldest is { } at && at < now ? now - at : TimeSpan.Zero,
            Pace = one.Policy.Maximum is { } maximum ? Pace(maximum, one.Name, now) : null,
        };
    }

    private BudgetPace? Pace(MaximumPolicy maximum, string environment, DateTimeOffset now)
    {
        var month = BudgetMonth.Of(now);
        double usd = spent(now);
        if (month != _month) (_month, _spentBefore) = (month, _month is null ? 0 : usd);
        return scaling.Budgets.TryGetValue(maximum.Budget, out decimal budget) && _prices[environment] is { } price and > 0
            ? new BudgetPace(budget - (decimal)(usd - _spentBefore), month.End - now, price)
            : null;
    }

    private static ComputeEnvironment? With(ComputeEnvironment environment, PolicyAction action) => action switch
    {
        SetMinimum set => environment with { MinVCpus = set.VCpus },
        SetMaximum set => environment with { MaxVCpus = set.VCpus },
        SetScaleDownDelay set => environment with { ScaleDownDelay = TimeSpan.FromMinutes(set.Minutes) },
        _ => null,
    };
}
