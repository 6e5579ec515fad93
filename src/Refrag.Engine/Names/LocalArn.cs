using System.Globalization;

namespace Refrag.Engine.Names;

/// <summary>ARNs of what lives in this engine: well-formed, in an account that does not exist.</summary>
internal static class LocalArn
{
    /// <summary>The region that the embedded engine names; ARNs must have one.</summary>
    public const string Region = "us-east-1";

    private const string Account = "000000000000";

    /// <summary>The ARN of a job, an array's child or a node.</summary>
    public static string Job(string id) => Batch(ResourceKinds.Job, id);

    /// <summary>The ARN of a service job, which has a kind of its own. (Service Authorization Reference, AWS Batch)</summary>
    public static string ServiceJob(string id) => Batch(ResourceKinds.ServiceJob, id);

    /// <summary>The ARN of a job queue.</summary>
    public static string Queue(string name) => Batch("job-queue", name);

    /// <summary>The ARN of a compute environment.</summary>
    public static string ComputeEnvironment(string name) => Batch("compute-environment", name);

    /// <summary>The ARN of a scheduling policy.</summary>
    public static string SchedulingPolicy(string name) => Batch(ResourceKinds.SchedulingPolicy, name);

    /// <summary>The ARN of a consumable resource.</summary>
    public static string ConsumableResource(string name) => Batch(ResourceKinds.ConsumableResource, name);

    /// <summary>The ARN of a service environment.</summary>
    public static string ServiceEnvironment(string name) => Batch(ResourceKinds.ServiceEnvironment, name);

    /// <summary>The ARN of a quota share, which has its name in one queue. (the form is assumed)</summary>
    public static string QuotaShare(string queue, string name) => Batch(ResourceKinds.QuotaShare, $"{queue}/{name}");

    /// <summary>The ARN of the ECS cluster that Batch makes for a compute environment.</summary>
    public static string Cluster(string environment, string uuid) =>
        $"arn:aws:ecs:{Region}:{Account}:cluster/AWSBatch-{environment}-{uuid}";

    /// <summary>The ARN of the training job that a service job would be.</summary>
    public static string TrainingJob(string name) => $"arn:aws:sagemaker:{Region}:{Account}:training-job/{name}";

    /// <summary>The ARN of a job definition, given name and revision in one.</summary>
    public static string Definition(string nameAndRevision) => Batch(ResourceKinds.JobDefinition, nameAndRevision);

    /// <summary>The ARN of a revision of a job definition.</summary>
    public static string Definition(string name, int revision) =>
        Batch("job-definition", string.Create(CultureInfo.InvariantCulture, $"{name}:{revision}"));

    /// <summary>The ARN of the task that one attempt of one node is.</summary>
    public static string Task(string taskId) => $"arn:aws:ecs:{Region}:{Account}:task/refrag-local/{taskId}";

    /// <summary>The id that this machine would have as an EC2 instance.</summary>
    public const string InstanceId = "i-00000000000000000";

    /// <summary>The ARN of a log group.</summary>
    public static string LogGroup(string name) => $"arn:aws:logs:{Region}:{Account}:log-group:{name}";

    /// <summary>The ARN of what containers run on, in a cluster.</summary>
    public static string Host(string cluster, string name) => $"arn:aws:ecs:{Region}:{Account}:container-instance/{cluster}/{name}";

    /// <summary>The name in an ARN of Batch, or the text itself where it is a name already.</summary>
    public static string NameOf(string nameOrArn) =>
        nameOrArn.StartsWith("arn:", StringComparison.Ordinal) ? nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..] : nameOrArn;

    /// <summary>The name in an ARN of one kind, or the text itself where it is a name; null for an ARN of something else.</summary>
    public static string? NameOf(string kind, string nameOrArn)
    {
        if (!nameOrArn.StartsWith("arn:", StringComparison.Ordinal)) return nameOrArn;
        return Parse(nameOrArn) is { } parsed && parsed.Kind == kind ? parsed.Name : null;
    }

    /// <summary>
    /// Takes an ARN of Batch apart; null if it is none. Region and account are not checked: there is only this engine.
    /// </summary>
    public static (string Kind, string Name)? Parse(string arn)
    {
        if (arn.Split(':', 6) is not ["arn", _, "batch", _, _, var rest]) return null;
        int slash = rest.IndexOf('/');
        return slash > 0 ? (rest[..slash], rest[(slash + 1)..]) : null;
    }

    private static string Batch(string kind, string name) => $"arn:aws:batch:{Region}:{Account}:{kind}/{name}";
}
