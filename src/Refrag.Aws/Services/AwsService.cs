namespace Refrag.Aws;

/// <summary>An AWS service, as far as one must know it to send a request.</summary>
public sealed record AwsService
{
    /// <summary>AWS Batch, API version 2016-08-10.</summary>
    public static AwsService Batch { get; } = new() { Id = "Batch", Name = "batch", Protocol = AwsProtocol.RestJson };

    /// <summary>CloudWatch Logs, API version 2014-03-28.</summary>
    public static AwsService Logs { get; } =
        new() { Id = "CloudWatch Logs", Name = "logs", Protocol = AwsProtocol.Json11, TargetPrefix = "Logs_20140328" };

    /// <summary>Elastic Container Registry, API version 2015-09-21.</summary>
    public static AwsService Ecr { get; } = new()
    {
        Id = "ECR",
        Name = "ecr",
        HostPrefix = "api.ecr",
        Protocol = AwsProtocol.Json11,
        TargetPrefix = "AmazonEC2ContainerRegistry_V20150921",
    };

    /// <summary>Elastic Container Service, API version 2014-11-13.</summary>
    public static AwsService Ecs { get; } =
        new() { Id = "ECS", Name = "ecs", Protocol = AwsProtocol.Json11, TargetPrefix = "AmazonEC2ContainerServiceV20141113" };

    /// <summary>Elastic Compute Cloud, API version 2016-11-15.</summary>
    public static AwsService Ec2 { get; } = new() { Id = "EC2", Name = "ec2", Protocol = AwsProtocol.Ec2Query };

    /// <summary>Service Quotas, API version 2019-06-24.</summary>
    public static AwsService ServiceQuotas { get; } = new()
    {
        Id = "Service Quotas",
        Name = "servicequotas",
        Protocol = AwsProtocol.Json11,
        TargetPrefix = "ServiceQuotasV20190624",
    };

    /// <summary>The price list, API version 2017-10-15. It answers in few regions, for all.</summary>
    public static AwsService Pricing { get; } = new()
    {
        Id = "Pricing",
        Name = "pricing",
        HostPrefix = "api.pricing",
        Protocol = AwsProtocol.Json11,
        TargetPrefix = "AWSPriceListService",
    };

    /// <summary>Identity and Access Management, API version 2010-05-08. It answers in one region of each partition, for all.</summary>
    public static AwsService Iam { get; } = new() { Id = "IAM", Name = "iam", Protocol = AwsProtocol.Query, IsGlobal = true };

    /// <summary>Simple Storage Service, API version 2006-03-01.</summary>
    public static AwsService S3 { get; } = new() { Id = "S3", Name = "s3", Protocol = AwsProtocol.RestXml };

    /// <summary>AWS's service id, such as <c>CloudWatch Logs</c>; endpoint variables and profile sections are named after it.</summary>
    public required string Id { get; init; }

    /// <summary>The name that requests are signed with.</summary>
    public required string Name { get; init; }

    /// <summary>What stands before the region in the service's host name; <see cref="Name"/> unless said otherwise.</summary>
    public string HostPrefix
    {
        get => field ?? Name;
        init;
    }

    /// <summary>Whether it has one endpoint for all regions of a partition; requests are then signed for the region that answers.</summary>
    public bool IsGlobal { get; init; }

    /// <summary>How operations travel.</summary>
    public required AwsProtocol Protocol { get; init; }

    /// <summary>What stands before the operation's name in <c>X-Amz-Target</c>; empty for <see cref="AwsProtocol.RestJson"/>.</summary>
    public string TargetPrefix { get; init; } = "";

    /// <summary>The environment variable of this service's endpoint, such as <c>AWS_ENDPOINT_URL_CLOUDWATCH_LOGS</c>.</summary>
    public string EndpointVariable => "AWS_ENDPOINT_URL_" + Id.Replace(' ', '_').ToUpperInvariant();

    /// <summary>The key of this service in a profile's <c>services</c> section, such as <c>cloudwatch_logs</c>.</summary>
    public string SectionKey => Id.Replace(' ', '_').ToLowerInvariant();
}
