namespace Refrag.Aws.Logs;

/// <summary>CloudWatch Logs answered an error.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="error">What was answered.</param>
public sealed class LogsException(string operation, AwsError error) : AwsServiceException(AwsService.Logs, operation, error)
{
    /// <summary>The code for a group or a stream that does not exist; a job's stream does not before its container has started.</summary>
    public const string ResourceNotFound = "ResourceNotFoundException";
}
