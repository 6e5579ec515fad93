using System.CommandLine;
using Refrag.Aws.Batch;
using Refrag.Costs;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Scheduling.Fitting;
using Refrag.Targeting;

namespace Refrag.Cli.Seeing;

/// <summary>The instance types that a planned job could get, and what it needs.</summary>
/// <param name="Spec">The job.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Needs">What one part needs.</param>
/// <param name="Parts">How many parts: nodes, or array children.</param>
/// <param name="Types">Names of types and families.</param>
/// <param name="Spot">Whether its environments are Spot; null where they are mixed or not known.</param>
/// <param name="Source">Where the types come from, for people.</param>
internal sealed record TypesOfQueue(JobSpec Spec, LaunchPlan Plan, Requirement Needs, int Parts, IReadOnlyList<string> Types, bool? Spot, string Source)
{
    /// <summary>Without Batch, the types that refrag's infrastructure gives the CPU queue by default.</summary>
    public static IReadOnlyList<string> UsualCpu { get; } = ["c6i.large", "m6i.large", "c6i.xlarge", "m6i.xlarge", "c6i.2xlarge", "m6i.2xlarge"];

    /// <summary>The same for GPU work.</summary>
    public static IReadOnlyList<string> UsualGpu { get; } = ["g5.xlarge", "g5.2xlarge", "g5.4xlarge", "g5.12xlarge"];

    public static Option<string[]> Option() => new("--types") { Description = "Instance types instead of those of the queue, with commas; then Batch is not asked." };

    /// <summary>Reads them from Batch, or takes those that were named; without Batch (env=local) the usual ones.</summary>
    public static async Task<Result<TypesOfQueue>> ReadAsync(CliContext context, JobSpec spec, IReadOnlyList<string> named, CancellationToken cancellationToken)
    {
        if (!Planning.Plan(context, spec).TryGet(out LaunchPlan? plan, out IReadOnlyList<Problem> problems)) return Result<TypesOfQueue>.Failure(problems);
        int parts = spec.ArraySize ?? spec.Nodes;
        if (named.Count > 0 || spec.Kind == EnvironmentKind.Local)
        {
            bool gpu = spec.Requirements.Gpus.Value > 0;
            Requirement needs = JobNeeds.Of(null, plan.Submit) with { Nodes = spec.Nodes };
            if (needs.Amount.MilliVCpus == 0) needs = needs with { Amount = needs.Amount with { MilliVCpus = gpu ? 8000 : 4000 } };
            if (needs.Amount.MemoryMiB == 0) needs = needs with { Amount = needs.Amount with { MemoryMiB = gpu ? 32768 : 8192 } };
            return new TypesOfQueue(spec, plan, needs, parts, named.Count > 0 ? named : gpu ? UsualGpu : UsualCpu, null, named.Count > 0 ? "--types" : "the types that refrag's infrastructure has by default");
        }
        using var connection = Running.AwsConnection.Open(context, spec.Connection);
        if (!(await TargetCheck.CheckAsync(connection.Batch, spec, plan.Target, cancellationToken)).TryGet(out CheckedTarget? target, out problems)) return Result<TypesOfQueue>.Failure(problems);
        string[] names = [.. target.Queue.ComputeEnvironmentOrder.OrderBy(o => o.Order).Select(o => o.ComputeEnvironment)];
        IReadOnlyList<ComputeEnvironmentDetail> environments = names.Length == 0 ? [] : await new QueueReader(connection.Batch).EnvironmentsAsync(names, cancellationToken);
        string[] kinds = [.. environments.Select(e => e.ComputeResources?.Type ?? "").Distinct()];
        return new TypesOfQueue(
            spec, plan, JobNeeds.Of(target.Definition, plan.Submit) with { Nodes = spec.Nodes }, parts,
            [.. environments.SelectMany(e => e.ComputeResources?.InstanceTypes ?? []).Distinct(StringComparer.Ordinal)],
            kinds is ["SPOT"] ? true : kinds is ["EC2"] ? false : null,
            $"queue {plan.Target.Queue}: {string.Join(", ", environments.Select(e => e.ComputeEnvironmentName))}");
    }

    /// <summary>The question of what it costs.</summary>
    public CostQuestion Question(double hours, string region, DateOnly today) =>
        new() { Requirement = Needs, Parts = Parts, Hours = hours, Types = Types, Region = region, Spot = Spot, Today = today };

    /// <summary>Names from an option that takes several, with commas or repeated.</summary>
    public static IReadOnlyList<string> Names(string[]? given) => [.. (given ?? []).SelectMany(g => g.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>The region whose prices count.</summary>
    public static string Region(CliContext context, JobSpec spec) =>
        spec.Connection.Region ?? context.Variable("AWS_REGION") ?? context.Variable("AWS_DEFAULT_REGION") ?? Scheduling.Catalogue.PriceTable.DefaultRegion;
}
