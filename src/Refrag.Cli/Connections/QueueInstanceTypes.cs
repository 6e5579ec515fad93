using System.CommandLine;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Costs;
using Refrag.Diagnosis;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Scheduling.Fitting;
using Refrag.Targeting;

namespace Refrag.Cli.Connections;

/// <summary>The instance types that a planned job could get, and what it needs.</summary>
/// <param name="Spec">The job.</param>
/// <param name="Plan">Its plan.</param>
/// <param name="Needs">What one part needs.</param>
/// <param name="Parts">How many parts: nodes, or array children.</param>
/// <param name="Types">Names of types and families.</param>
/// <param name="Spot">Whether its environments are Spot; null if they are mixed or not known.</param>
/// <param name="Source">Where the types come from, for people.</param>
internal sealed record QueueInstanceTypes(
    JobSpec Spec, LaunchPlan Plan, Requirement Needs, int Parts, IReadOnlyList<string> Types, bool? Spot, string Source)
{
    /// <summary>How long an attempt may take: as the job says, else as its definition does; null if nothing ends it.</summary>
    public TimeSpan? Timeout { get; init; } = Spec.Timeout;

    /// <summary>How many attempts the job may have, from 1: as the job says, else as its definition does.</summary>
    public int Attempts { get; init; } = Plan.Submit.RetryStrategy?.Attempts ?? 1;

    /// <summary>What there is of it, for people: children of an array, nodes, or one.</summary>
    public static string Work(CostQuestion question) => question.Requirement.Nodes > 1 || question.Parts == 1
        ? question.Requirement.ToString()
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{question.Parts} × {question.Requirement}");

    /// <summary>Why nothing can be said of the queue's types; null if it has some.</summary>
    public Problem? Untyped => Types.Count > 0 ? null : new Problem
    {
        Code = "RF5042",
        What = $"{Source} has no instance types to choose from",
        Cause = IsFargate
            ? "Its compute environments are Fargate, which is paid by vCPU and memory and not by instance; refrag has no prices of it"
            : IsOpen
                ? "Its compute environments are Amazon ECS Managed Instances, which may be of any type"
                : "Its compute environments are UNMANAGED: their hosts are whatever was put there, such as this machine",
        Cure = "Name types to look at: --types g5.xlarge,g5.12xlarge.",
    };

    /// <summary>Whether its environments are Fargate.</summary>
    public bool IsFargate { get; init; }

    /// <summary>Whether its environments are managed instances, which need not name any type.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Without Batch, the types that refrag's infrastructure gives the CPU queue by default.</summary>
    public static IReadOnlyList<string> UsualCpu { get; } = ["c6i.large", "m6i.large", "c6i.xlarge", "m6i.xlarge", "c6i.2xlarge",
        "m6i.2xlarge"];

    /// <summary>The same for GPU work.</summary>
    public static IReadOnlyList<string> UsualGpu { get; } = ["g5.xlarge", "g5.2xlarge", "g5.4xlarge", "g5.12xlarge"];

    public static Option<string[]> Option() =>
        new("--types") { Description = "Instance types, with commas, instead of the queue's; Batch is not asked then." };

    /// <summary>Reads them from Batch, or takes those that were named; without Batch (env=local) the usual ones.</summary>
    /// <param name="context">The process.</param>
    /// <param name="job">The job.</param>
    /// <param name="named">Types that were named; empty for those of the queue.</param>
    /// <param name="asked">What earlier jobs were answered, so that a sweep asks once about each queue; null for a single job.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Result<QueueInstanceTypes>> ReadAsync(
        CliContext context, PlannedJob job, IReadOnlyList<string> named,
        Dictionary<(ConnectionSpec At, string Queue, string Definition), QueriedQueue>? asked,
        CancellationToken cancellationToken)
    {
        (JobSpec spec, LaunchPlan plan) = job;
        int parts = spec.ArraySize ?? spec.Nodes;
        if (named.Count > 0 || spec.Kind == EnvironmentKind.Local)
        {
            bool gpu = spec.Requirements.Gpus.Value > 0;
            Requirement needs = SituationReader.NeedsOf(plan, definition: null) with { Nodes = spec.Nodes };
            if (needs.Amount.MilliVCpus == 0) needs = needs with { Amount = needs.Amount with { MilliVCpus = gpu ? 8000 : 4000 } };
            if (needs.Amount.MemoryMiB == 0) needs = needs with { Amount = needs.Amount with { MemoryMiB = gpu ? 32768 : 8192 } };
            return new QueueInstanceTypes(spec, plan, needs, parts, named.Count > 0 ? named : gpu ? UsualGpu : UsualCpu, null,
                named.Count > 0 ? "--types" : "the types that refrag's infrastructure has by default");
        }
        (ConnectionSpec, string, string) key = (spec.Connection, plan.Target.Queue, plan.Target.Definition);
        if (asked is null || !asked.TryGetValue(key, out QueriedQueue? queue))
        {
            if (!(await QueriedQueue.ReadAsync(context, spec, plan.Target, cancellationToken))
                .TryGet(out queue, out IReadOnlyList<Problem> problems))
                return Result<QueueInstanceTypes>.Failure(problems);
            asked?.Add(key, queue);
        }
        return Of(spec, plan, parts, queue);
    }

    private static QueueInstanceTypes Of(JobSpec spec, LaunchPlan plan, int parts, QueriedQueue queue)
    {
        JobDefinition definition = queue.Target.Definition;
        string[] kinds = [.. queue.Environments.Select(e => e.ComputeResources?.Type ?? "").Distinct()];
        return new QueueInstanceTypes(
            spec, plan, SituationReader.NeedsOf(plan, definition) with { Nodes = spec.Nodes }, parts,
            [.. queue.Environments.SelectMany(e => Named(e.ComputeResources)).Distinct(StringComparer.Ordinal)],
            Market(queue.Environments),
            $"queue {plan.Target.Queue}: {string.Join(", ", queue.Environments.Select(e => e.ComputeEnvironmentName))}")
        {
            Timeout = spec.Timeout
                ?? (definition.Timeout?.AttemptDurationSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null),
            Attempts = plan.Submit.RetryStrategy?.Attempts ?? definition.RetryStrategy?.Attempts ?? 1,
            IsFargate = kinds.Length > 0 && kinds.All(kind => kind is CRType.Fargate or CRType.FargateSpot),
            IsOpen = kinds is [CRType.EcsManagedInstances],
        };
    }

    /// <summary>The types of a queue's environments, and whether they are Spot; null if they are mixed or not known.</summary>
    public static async Task<(IReadOnlyList<string> Types, bool? Spot)> OfQueueAsync(
        IAwsTransport batch, string queue, CancellationToken cancellationToken)
    {
        var reader = new QueueReader(batch);
        string[] names = [.. (await reader.QueuesAsync([queue], cancellationToken))
            .SelectMany(one => one.ComputeEnvironmentOrder).Select(one => one.ComputeEnvironment)];
        if (names.Length == 0) return ([], null);
        IReadOnlyList<ComputeEnvironmentDetail> environments = await reader.EnvironmentsAsync(names, cancellationToken);
        return ([.. environments.SelectMany(e => Named(e.ComputeResources)).Distinct(StringComparer.Ordinal)], Market(environments));
    }

    private static bool? Market(IReadOnlyList<ComputeEnvironmentDetail> environments) =>
        environments.Select(e => e.ComputeResources?.Type ?? "").Distinct().ToArray() switch
        {
            [CRType.Spot] => true,
            [CRType.Ec2] => false,
            _ => null,
        };

    private static IReadOnlyList<string> Named(ComputeResource? resources) => resources?.InstanceTypes
        ?? resources?.ManagedInstancesProvider?.InstanceLaunchTemplate?.InstanceRequirements?.AllowedInstanceTypes ?? [];

    /// <summary>The question of what it costs.</summary>
    public CostQuestion Question(double hours, string region, DateOnly today) =>
        new() { Requirement = Needs, Parts = Parts, Hours = hours, Types = Types, Region = region, Spot = Spot, Today = today };

    /// <summary>Names from an option that takes several, with commas or repeated.</summary>
    public static IReadOnlyList<string> Names(string[]? given) =>
        [.. (given ?? []).SelectMany(g => g.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];

    /// <summary>The region whose prices count.</summary>
    public static string Region(CliContext context, JobSpec spec) => Region(context, spec.Connection);

    /// <summary>The same of a connection.</summary>
    public static string Region(CliContext context, ConnectionSpec connection) =>
        connection.Region ?? context.Variable("AWS_REGION") ?? context.Variable("AWS_DEFAULT_REGION")
            ?? Scheduling.Catalogue.PriceTable.DefaultRegion;
}

/// <summary>What Batch said of a queue and a definition.</summary>
/// <param name="Target">Both.</param>
/// <param name="Environments">The queue's compute environments.</param>
internal sealed record QueriedQueue(CheckedTarget Target, IReadOnlyList<ComputeEnvironmentDetail> Environments)
{
    /// <summary>Reads it, and reports a long wait.</summary>
    public static async Task<Result<QueriedQueue>> ReadAsync(
        CliContext context, JobSpec spec, Target wanted, CancellationToken cancellationToken)
    {
        using var connection = AwsConnection.Open(context, spec.Connection);
        await using var progress = new Progress(context.Terminal, context.Time);
        IAwsTransport batch = progress.Over(connection.Transport);
        if (!(await TargetCheck.CheckAsync(batch, spec, wanted, cancellationToken)).TryGet(
            out CheckedTarget? target, out IReadOnlyList<Problem> problems)) return Result<QueriedQueue>.Failure(problems);
        string[] names = [.. target.Queue.ComputeEnvironmentOrder.OrderBy(o => o.Order).Select(o => o.ComputeEnvironment)];
        return new QueriedQueue(target, names.Length == 0 ? [] : await new QueueReader(batch).EnvironmentsAsync(names, cancellationToken));
    }
}
