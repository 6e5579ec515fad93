namespace Refrag.Scheduling.Queues;

/// <summary>Why the job at the head of a queue cannot run, in the seven kinds that AWS reports. (UG job_stuck_in_runnable)</summary>
public enum BlockedCause
{
    /// <summary>EC2 has none of the instances that are asked for.</summary>
    InsufficientCapacity,

    /// <summary>The job needs more vCPUs than the environments' maximum.</summary>
    MaxResource,

    /// <summary>No instance of the environments is large enough.</summary>
    JobRequirement,

    /// <summary>Instance types and image do not go together.</summary>
    UnsupportedConfiguration,

    /// <summary>The service role lacks a permission.</summary>
    RolePermissions,

    /// <summary>The environments are INVALID.</summary>
    ActionRequired,

    /// <summary>Anything else.</summary>
    Undetermined,
}

/// <summary>The causes' texts, letter for letter as AWS writes them.</summary>
public static class BlockedText
{
    /// <summary>The code, as <c>jobStateTimeLimitActions</c> name it.</summary>
    public static string Code(this BlockedCause cause) => cause switch
    {
        BlockedCause.InsufficientCapacity => "CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY",
        BlockedCause.MaxResource => "MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE",
        BlockedCause.JobRequirement => "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT",
        BlockedCause.UnsupportedConfiguration => "MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED",
        BlockedCause.RolePermissions => "MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS",
        BlockedCause.ActionRequired => "ACTION_REQUIRED",
        _ => "UNDETERMINED",
    };

    /// <summary>
    /// The <c>statusReason</c> of the job at the head. <paramref name="detail"/> is the instance type that could not be had; of an
    /// undetermined cause, what a rehearsal knows more than AWS would say.
    /// </summary>
    public static string Reason(this BlockedCause cause, string? detail = null) => cause switch
    {
        BlockedCause.InsufficientCapacity => $"{cause.Code()} - Service cannot fulfill the capacity requested for instance type [{detail}]",
        BlockedCause.MaxResource => $"{cause.Code()} - CE(s) associated with the job queue cannot meet the CPU requirement of the job.",
        BlockedCause.JobRequirement =>
            $"{cause.Code()} - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to "
                + "the job queue.",
        BlockedCause.UnsupportedConfiguration =>
            $"{cause.Code()} - Your compute environment associated with this job queue has an unsupported instance type configuration.",
        // An en dash, in AWS's own text.
        BlockedCause.RolePermissions => $"{cause.Code()} – Batch service role has a permission issue.",
        BlockedCause.ActionRequired => $"{cause.Code()} - CE(s) associated with the job queue are invalid.",
        _ => $"{cause.Code()} - Batch job is blocked, root cause is undetermined.{(detail is null ? "" : $" ({detail})")}",
    };

    /// <summary>Whether a <c>statusReason</c> says that a job at the head is blocked: it begins with one of the codes.</summary>
    public static bool IsIn(string? statusReason) => statusReason is not null
        && Enum.GetValues<BlockedCause>().Any(cause => statusReason.StartsWith(cause.Code(), StringComparison.Ordinal));

    /// <summary>The <c>statusReason</c> of a job that a time limit canceled.</summary>
    public static string CanceledReason(this BlockedCause cause) => $"Canceled by JobStateTimeLimit action due to reason: {cause.Code()}";

    /// <summary>Whether time limits act on it. Editions of the guide disagree on the unsupported configuration; here they do.</summary>
    public static bool TakesTimeLimit(this BlockedCause cause) => cause
        is BlockedCause.InsufficientCapacity or BlockedCause.MaxResource
        or BlockedCause.JobRequirement or BlockedCause.UnsupportedConfiguration;
}
