using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Diagnose;

/// <summary>A line of <c>refrag envs --json</c>: one compute environment.</summary>
internal sealed record EnvironmentLine
{
    /// <summary>The environment's name.</summary>
    public required string ComputeEnvironment { get; init; }

    /// <summary><c>ENABLED</c> or <c>DISABLED</c>.</summary>
    public string? State { get; init; }

    /// <summary>The environment's status, as AWS names it: <c>VALID</c>.</summary>
    public string? Status { get; init; }

    /// <summary>Why it has this status, in Batch's words.</summary>
    public string? StatusReason { get; init; }

    /// <summary><c>ok</c>, <c>unsure</c> or <c>broken</c>.</summary>
    public required string Health { get; init; }

    /// <summary>Why, in a few words.</summary>
    public required string Reason { get; init; }

    /// <summary><c>MANAGED</c> or <c>UNMANAGED</c>.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// What it starts: <c>EC2</c>, <c>SPOT</c>, <c>FARGATE</c>, <c>FARGATE_SPOT</c> or <c>ECS_MANAGED_INSTANCES</c>; left out if it is
    /// unmanaged.
    /// </summary>
    public string? Kind { get; init; }

    /// <summary>How it chooses instance types, as AWS names it.</summary>
    public string? AllocationStrategy { get; init; }

    /// <summary>The vCPUs that it keeps without jobs.</summary>
    public int? VcpusMin { get; init; }

    /// <summary>The vCPUs that it wants now.</summary>
    public int? VcpusDesired { get; init; }

    /// <summary>The most vCPUs that it may have.</summary>
    public int? VcpusMax { get; init; }

    /// <summary>The instance types and families that it may start.</summary>
    public required IReadOnlyList<string> InstanceTypes { get; init; }

    /// <summary>The queues that use it.</summary>
    public required IReadOnlyList<string> JobQueues { get; init; }

    public static EnvironmentLine Of(ComputeEnvironmentDetail environment, IReadOnlyList<string> queues)
    {
        Health health = Monitoring.Health.Of(environment);
        ComputeResource? resources = environment.ComputeResources;
        return new EnvironmentLine
        {
            ComputeEnvironment = environment.ComputeEnvironmentName,
            State = JsonOutput.Text(environment.State),
            Status = JsonOutput.Text(environment.Status),
            StatusReason = JsonOutput.Text(environment.StatusReason),
            Health = health.Word,
            Reason = health.Reason,
            Type = JsonOutput.Text(environment.Type),
            Kind = JsonOutput.Text(resources?.Type),
            AllocationStrategy = JsonOutput.Text(resources?.AllocationStrategy),
            VcpusMin = resources?.MinvCpus,
            VcpusDesired = resources?.DesiredvCpus,
            VcpusMax = resources?.MaxvCpus,
            InstanceTypes = resources?.InstanceTypes ?? [],
            JobQueues = queues,
        };
    }
}

/// <summary>One of the last lines of <c>refrag doctor --json</c>: the health of a compute environment.</summary>
internal sealed record EnvironmentHealth
{
    /// <summary>The environment's name.</summary>
    public required string ComputeEnvironment { get; init; }

    /// <summary>Whether it can start jobs.</summary>
    public required bool Healthy { get; init; }

    /// <summary><c>ok</c>, <c>unsure</c> or <c>broken</c>.</summary>
    public required string Health { get; init; }

    /// <summary>Why, in a few words.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether AWS has a newer machine image than its instances start from.</summary>
    public required bool ImageUpdateAvailable { get; init; }

    public static EnvironmentHealth Of(ComputeEnvironmentDetail environment, Health health) => new()
    {
        ComputeEnvironment = environment.ComputeEnvironmentName,
        Healthy = health.Level != HealthLevel.Bad,
        Health = health.Word,
        Reason = health.Reason,
        ImageUpdateAvailable = Monitoring.Health.HasOlderImage(environment),
    };
}
