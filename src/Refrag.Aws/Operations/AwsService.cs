namespace Refrag.Aws;

/// <summary>An AWS service, as far as one must know it to send a request.</summary>
public sealed record AwsService
{
    /// <summary>AWS Batch, API version 2016-08-10.</summary>
    public static AwsService Batch { get; } = new() { Id = "Batch", Name = "batch", Protocol = AwsProtocol.RestJson };

    /// <summary>CloudWatch Logs, API version 2014-03-28.</summary>
    public static AwsService Logs { get; } =
        new() { Id = "CloudWatch Logs", Name = "logs", Protocol = AwsProtocol.Json11, TargetPrefix = "Logs_20140328" };

    /// <summary>AWS's service id, such as <c>CloudWatch Logs</c>; endpoint variables and profile sections are named after it.</summary>
    public required string Id { get; init; }

    /// <summary>The name that requests are signed with, and the first label of the service's host name.</summary>
    public required string Name { get; init; }

    /// <summary>How operations travel.</summary>
    public required AwsProtocol Protocol { get; init; }

    /// <summary>What stands before the operation's name in <c>X-Amz-Target</c>; empty for <see cref="AwsProtocol.RestJson"/>.</summary>
    public string TargetPrefix { get; init; } = "";

    /// <summary>The environment variable of this service's endpoint, such as <c>AWS_ENDPOINT_URL_CLOUDWATCH_LOGS</c>.</summary>
    public string EndpointVariable => "AWS_ENDPOINT_URL_" + Id.Replace(' ', '_').ToUpperInvariant();

    /// <summary>The key of this service in a profile's <c>services</c> section, such as <c>cloudwatch_logs</c>.</summary>
    public string SectionKey => Id.Replace(' ', '_').ToLowerInvariant();
}
