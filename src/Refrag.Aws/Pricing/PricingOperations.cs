using System.Text.Json.Serialization;

namespace Refrag.Aws.Pricing;

/// <summary>The price list answered an error.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="error">What was answered.</param>
public sealed class PricingException(string operation, AwsError error) : AwsServiceException(AwsService.Pricing, operation, error);

/// <summary>The operations of the price list that refrag needs.</summary>
public static class PricingOperations
{
    // Unlike other services, this one begins its members with capitals.
    private static readonly AwsServiceModel s_model =
        new(AwsService.Pricing, PricingJsonContext.Default.Options, static (operation, error) => new PricingException(operation, error));

    /// <summary>The region whose price list refrag asks; it has the prices of all regions.</summary>
    public const string Region = "us-east-1";

    /// <summary>Products with their prices.</summary>
    public static AwsOperation<GetProductsRequest, GetProductsResponse> GetProducts { get; } = new(s_model, "GetProducts")
    {
        NextPage = static (request, page) => page.NextToken is { Length: > 0 } token ? request with { NextToken = token } : null,
    };
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(GetProductsRequest))]
[JsonSerializable(typeof(GetProductsResponse))]
internal sealed partial class PricingJsonContext : JsonSerializerContext;
