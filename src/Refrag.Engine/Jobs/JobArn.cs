using Refrag.Engine.Names;

namespace Refrag.Engine.Jobs;

/// <summary>The ARNs that a job's record says.</summary>
internal static class JobArn
{
    /// <summary>The ARN of a job of either kind.</summary>
    public static string Of(Job job) => job.Plan.Kind is JobKind.Service ? LocalArn.ServiceJob(job.Id) : LocalArn.Job(job.Id);

    /// <summary>The ARN of what a node runs on: an instance of a fleet, or this machine.</summary>
    public static string Host(FleetInstance? instance) =>
        instance is null ? LocalArn.Host("refrag-local", "localhost") : LocalArn.Host(instance.Environment, instance.Id);
}
