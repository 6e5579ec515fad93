using System.Text.Json.Serialization;

namespace Refrag.Aws.ServiceQuotas;

/// <summary>The operations of Service Quotas that refrag needs.</summary>
public static class QuotaOperations
{
    /// <summary>The account's own value of a quota; <c>NoSuchResourceException</c> where it never had one and the default counts.</summary>
    public static QuotaOperation<GetServiceQuotaRequest, GetServiceQuotaResponse> GetServiceQuota { get; } = new("GetServiceQuota");

    /// <summary>The value of a quota that new accounts have.</summary>
    public static QuotaOperation<GetServiceQuotaRequest, GetServiceQuotaResponse> GetDefaultServiceQuota { get; } = new("GetAWSDefaultServiceQuota");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AwsOperation> All { get; } = [GetServiceQuota, GetDefaultServiceQuota];
}

/// <summary>An operation of Service Quotas.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class QuotaOperation<TRequest, TResponse> : AwsOperation<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    internal QuotaOperation(string name)
        : base(AwsService.ServiceQuotas, name, QuotaJsonContext.Default.Options)
    {
    }

    internal override AwsServiceException Failure(AwsError error) => new QuotaException(Name, error);
}

/// <summary>Service Quotas answered an error.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="error">What was answered.</param>
public sealed class QuotaException(string operation, AwsError error) : AwsServiceException(AwsService.ServiceQuotas, operation, error)
{
    /// <summary>The code for a quota that the account has no value of its own of.</summary>
    public const string NoSuchResource = "NoSuchResourceException";
}

/// <summary>What is asked about a quota.</summary>
public sealed record GetServiceQuotaRequest
{
    /// <summary>The service, such as <c>ec2</c>.</summary>
    public required string ServiceCode { get; init; }

    /// <summary>The quota, such as <c>L-1216C47A</c>.</summary>
    public required string QuotaCode { get; init; }
}

/// <summary>What is answered about a quota.</summary>
public sealed record GetServiceQuotaResponse
{
    /// <summary>The quota; null where there is none.</summary>
    public ServiceQuota? Quota { get; init; }
}

/// <summary>A quota.</summary>
public sealed record ServiceQuota
{
    /// <summary>Its name for people.</summary>
    public string? QuotaName { get; init; }

    /// <summary>Its value; of the EC2 quotas for instances, vCPUs.</summary>
    public double? Value { get; init; }
}

// The service names its members with a capital.
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(GetServiceQuotaRequest))]
[JsonSerializable(typeof(GetServiceQuotaResponse))]
internal sealed partial class QuotaJsonContext : JsonSerializerContext;
