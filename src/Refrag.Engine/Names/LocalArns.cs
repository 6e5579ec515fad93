using System.Globalization;
using Refrag.Aws;

namespace Refrag.Engine.Names;

/// <summary>Makes the ARNs of what lives in an engine: those of its account in its region.</summary>
/// <param name="Account">The account, which need not exist: 12 digits.</param>
/// <param name="Region">The region, such as <c>us-east-1</c>.</param>
internal sealed record LocalArns(string Account, string Region)
{
    /// <summary>The account of an engine that is given none.</summary>
    public const string UsualAccount = "000000000000";

    private readonly string _partition = AwsRegions.PartitionOf(Region);

    /// <summary>Those of an engine that is given neither account nor region.</summary>
    public static LocalArns Usual { get; } = new(UsualAccount, AwsRegions.Usual);

    /// <summary>The ARN of a job, an array's child or a node.</summary>
    public string Job(string id) => Batch(ResourceKinds.Job, id);

    /// <summary>The ARN of a service job, which has a kind of its own. (Service Authorization Reference, AWS Batch)</summary>
    public string ServiceJob(string id) => Batch(ResourceKinds.ServiceJob, id);

    /// <summary>The ARN of a job queue.</summary>
    public string Queue(string name) => Batch(ResourceKinds.JobQueue, name);

    /// <summary>The ARN of a compute environment.</summary>
    public string ComputeEnvironment(string name) => Batch(ResourceKinds.ComputeEnvironment, name);

    /// <summary>The ARN of a scheduling policy.</summary>
    public string SchedulingPolicy(string name) => Batch(ResourceKinds.SchedulingPolicy, name);

    /// <summary>The ARN of a consumable resource.</summary>
    public string ConsumableResource(string name) => Batch(ResourceKinds.ConsumableResource, name);

    /// <summary>The ARN of a service environment.</summary>
    public string ServiceEnvironment(string name) => Batch(ResourceKinds.ServiceEnvironment, name);

    /// <summary>The ARN of a quota share, which has its name in one queue. (the form is assumed)</summary>
    public string QuotaShare(string queue, string name) => Batch(ResourceKinds.QuotaShare, $"{queue}/{name}");

    /// <summary>The ARN of the ECS cluster that Batch makes for a compute environment.</summary>
    public string Cluster(string environment, string uuid) => Of("ecs", $"cluster/AWSBatch-{environment}-{uuid}");

    /// <summary>The ARN of the training job that a service job would be.</summary>
    public string TrainingJob(string name) => Of("sagemaker", $"training-job/{name}");

    /// <summary>The ARN of a job definition, given name and revision in one.</summary>
    public string Definition(string nameAndRevision) => Batch(ResourceKinds.JobDefinition, nameAndRevision);

    /// <summary>The ARN of a revision of a job definition.</summary>
    public string Definition(string name, int revision) =>
        Definition(string.Create(CultureInfo.InvariantCulture, $"{name}:{revision}"));

    /// <summary>The ARN of the task that one attempt of one node is.</summary>
    public string Task(string taskId) => Of("ecs", $"task/refrag-local/{taskId}");

    /// <summary>The ARN of what containers run on, in a cluster.</summary>
    public string Host(string cluster, string name) => Of("ecs", $"container-instance/{cluster}/{name}");

    /// <summary>The ARN of a log group.</summary>
    public string LogGroup(string name) => Of("logs", $"log-group:{name}");

    /// <summary>The ARN of Batch's service-linked role, which belongs to no region.</summary>
    public string ServiceRole =>
        $"arn:{_partition}:iam::{Account}:role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch";

    /// <summary>
    /// Whether a name or an ARN may be of something here: an ARN of another region is of something else. The account is not compared, for
    /// there is one, and a rehearsal may name the ARNs of the real one.
    /// </summary>
    public bool MayName(string nameOrArn) => LocalArn.RegionOf(nameOrArn) is not { } region || region == Region;

    /// <summary>
    /// The name in an ARN of one kind, or the text itself where it is a name; null for an ARN of something else or of another region.
    /// </summary>
    public string? NameOf(string kind, string nameOrArn)
    {
        if (!LocalArn.IsArn(nameOrArn)) return nameOrArn;
        return MayName(nameOrArn) && LocalArn.Parse(nameOrArn) is { } parsed && parsed.Kind == kind ? parsed.Name : null;
    }

    private string Batch(string kind, string name) => Of("batch", $"{kind}/{name}");

    private string Of(string service, string rest) => $"arn:{_partition}:{service}:{Region}:{Account}:{rest}";
}
