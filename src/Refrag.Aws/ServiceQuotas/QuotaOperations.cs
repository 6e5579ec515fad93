using System.Text.Json.Serialization;

namespace Refrag.Aws.ServiceQuotas;

/// <summary>The operations of Service Quotas that refrag needs.</summary>
public static class QuotaOperations
{
    private static readonly AwsServiceModel s_model =
        new(AwsService.ServiceQuotas, QuotaJsonContext.Default.Options, static (operation, error) => new QuotaException(operation, error));

    /// <summary>The account's own value of a quota; <c>NoSuchResourceException</c> where it never had one and the default counts.</summary>
    public static AwsOperation<GetServiceQuotaRequest, GetServiceQuotaResponse> GetServiceQuota { get; } = new(s_model, "GetServiceQuota");

    /// <summary>The value of a quota that new accounts have.</summary>
    public static AwsOperation<GetServiceQuotaRequest,
        GetServiceQuotaResponse> GetDefaultServiceQuota
    { get; } = new(s_model, "GetAWSDefaultServiceQuota");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<AwsOperation> All { get; } = [GetServiceQuota, GetDefaultServiceQuota];
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
    /// <summary>The quota; null if there is none.</summary>
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
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(GetServiceQuotaRequest))]
[JsonSerializable(typeof(GetServiceQuotaResponse))]
internal sealed partial class QuotaJsonContext : JsonSerializerContext;
