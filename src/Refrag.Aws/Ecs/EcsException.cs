namespace Refrag.Aws.Ecs;

/// <summary>ECS answered an error.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="error">What was answered.</param>
public sealed class EcsException(string operation, AwsError error) : AwsServiceException(AwsService.Ecs, operation, error)
{
    /// <summary>The code for a cluster that does not exist.</summary>
    public const string ClusterNotFound = "ClusterNotFoundException";

    /// <summary>The code for a request that cannot be answered as it is.</summary>
    public const string InvalidParameter = "InvalidParameterException";
}
