namespace Refrag.Aws.Ec2;

/// <summary>EC2 answered an error.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="error">What was answered.</param>
public sealed class Ec2Exception(string operation, AwsError error) : AwsServiceException(AwsService.Ec2, operation, error);
