namespace Refrag.Engine.Jobs;

/// <summary>The ARNs that a job's record says.</summary>
internal static class JobArn
{
    /// <summary>The ARN of a job of either kind.</summary>
    public static string Of(Job job) =>
        job.Plan.Kind is JobKind.Service ? job.Plan.Arns.ServiceJob(job.Id) : job.Plan.Arns.Job(job.Id);

    /// <summary>The ARN of the task that a node's attempt is.</summary>
    public static string Task(Job job, NodeRun run) => job.Plan.Arns.Task(run.TaskId);

    /// <summary>The ARN of what a node runs on: an instance of a fleet, or this machine.</summary>
    public static string Host(Job job, NodeRun run) => run.Instance is { } instance
        ? job.Plan.Arns.Host(instance.Environment, instance.Id)
        : job.Plan.Arns.Host("refrag-local", "localhost");
}
