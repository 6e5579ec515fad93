using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>
/// The variables that Amazon ECS sets for every task, beside those of Batch. (ECS developer guide, ecs-environment-variables) Credentials,
/// version 3 of the metadata and the agent's address are left out: there is nothing here that could answer for them.
/// </summary>
internal static class TaskVariables
{
    /// <summary>
    /// The variables of one container's program. What the job or the server's user names wins: AWS does not say whether it would there.
    /// </summary>
    /// <param name="plan">What the job is to run, and where.</param>
    /// <param name="address">Where the metadata of tasks is served; null if it is not.</param>
    /// <param name="key">The key of the container's run.</param>
    public static IReadOnlyDictionary<string, string> Of(JobPlan plan, Uri? address, string key)
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_EXECUTION_ENV"] = $"AWS_ECS_{Platform(plan.Definition)}",
            ["AWS_REGION"] = plan.Arns.Region,
            ["AWS_DEFAULT_REGION"] = plan.Arns.Region,
        };
        if (address is not null) variables["ECS_CONTAINER_METADATA_URI_V4"] = new Uri(address, $"/v4/{key}").AbsoluteUri;
        return variables;
    }

    /// <summary>What a definition's tasks run on. ECS calls the platforms as Batch does. (ECS agent, execution environments)</summary>
    public static string Platform(JobDefinition definition) =>
        Has(definition, PlatformCapability.Fargate) ? PlatformCapability.Fargate
        : Has(definition, PlatformCapability.ManagedInstances) ? PlatformCapability.ManagedInstances
        : PlatformCapability.Ec2;

    /// <summary>Whether a definition names a platform.</summary>
    public static bool Has(JobDefinition definition, string platform) =>
        definition.PlatformCapabilities?.Contains(platform, StringComparer.OrdinalIgnoreCase) == true;
}
