namespace Refrag.Engine.Resources;

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

    /// <summary>No resource of Batch: the tokens of requests that must not be done twice.</summary>
    public const string ClientToken = "client-token";
}
