namespace Refrag.Aws.Ecr;

/// <summary>ECR answered an error.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="error">What was answered.</param>
public sealed class EcrException(string operation, AwsError error) : AwsServiceException(AwsService.Ecr, operation, error)
{
    /// <summary>The code for a repository that does not exist.</summary>
    public const string RepositoryNotFound = "RepositoryNotFoundException";
}
