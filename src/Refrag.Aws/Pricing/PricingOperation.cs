using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Aws.Pricing;

/// <summary>The price list answered an error.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="error">What was answered.</param>
public sealed class PricingException(string operation, AwsError error) : AwsServiceException(AwsService.Pricing, operation, error);

/// <summary>An operation of the price list.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class PricingOperation<TRequest, TResponse> : AwsOperation<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    internal PricingOperation(string name)
        : base(AwsService.Pricing, name, PricingOperations.Json)
    {
    }

    internal override AwsServiceException Failure(AwsError error) => new PricingException(Name, error);
}

/// <summary>The operations of the price list that refrag needs.</summary>
public static class PricingOperations
{
    /// <summary>The region whose price list refrag asks; it has the prices of all regions.</summary>
    public const string Region = "us-east-1";

    /// <summary>Products with their prices.</summary>
    public static PricingOperation<GetProductsRequest, GetProductsResponse> GetProducts { get; } = new("GetProducts");

    // Unlike other services, this one begins its members with capitals.
    internal static JsonSerializerOptions Json => PricingJsonContext.Default.Options;
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(GetProductsRequest))]
[JsonSerializable(typeof(GetProductsResponse))]
internal sealed partial class PricingJsonContext : JsonSerializerContext;
