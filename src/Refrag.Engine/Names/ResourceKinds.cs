using System.Text.Json.Serialization.Metadata;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Names;

/// <summary>The kinds of resources, in the words that their ARNs have.</summary>
internal static class ResourceKinds
{
    public const string ComputeEnvironment = "compute-environment";

    public const string JobQueue = "job-queue";

    public const string JobDefinition = "job-definition";

    public const string SchedulingPolicy = "scheduling-policy";

    public const string ConsumableResource = "consumable-resource";

    public const string ServiceEnvironment = "service-environment";

    public const string QuotaShare = "quota-share";

    public const string Job = "job";

    /// <summary>Service jobs; these lie among the jobs.</summary>
    public const string ServiceJob = "service-job";

    /// <summary>No resource of Batch: the tokens of requests that must not be done twice.</summary>
    public const string ClientToken = "client-token";

    /// <summary>How the resources of a kind are written; null if there is no such kind of resource.</summary>
    public static JsonTypeInfo? JsonOf(string kind) => TypeOf(kind) is { } type ? BatchJson.Options.GetTypeInfo(type) : null;

    private static Type? TypeOf(string kind) => kind switch
    {
        ComputeEnvironment => typeof(ComputeEnvironmentDetail),
        JobQueue => typeof(JobQueueDetail),
        JobDefinition => typeof(Aws.Batch.JobDefinition),
        SchedulingPolicy => typeof(SchedulingPolicyDetail),
        ConsumableResource => typeof(DescribeConsumableResourceResponse),
        ServiceEnvironment => typeof(ServiceEnvironmentDetail),
        QuotaShare => typeof(DescribeQuotaShareResponse),
        ClientToken => typeof(KeyValuePair),
        _ => null,
    };
}
