using System.Globalization;
using System.Text.Json;

namespace Refrag.Aws.Pricing;

/// <summary>What an hour of an instance type costs on demand.</summary>
/// <param name="Type">Such as <c>m6i.xlarge</c>.</param>
/// <param name="Usd">USD an hour, above 0.</param>
public sealed record ProductPrice(string Type, decimal Usd)
{
    /// <summary>
    /// Reads one entry of a price list; null if it is not an instance type with an hourly price in USD. Throws
    /// <see cref="InvalidDataException"/> for what is no JSON.
    /// </summary>
    /// <param name="product">An entry of <see cref="GetProductsResponse.PriceList"/>.</param>
    public static ProductPrice? Read(string product)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(product);
            if (Member(json.RootElement, "product", "attributes", "instanceType") is not { ValueKind: JsonValueKind.String } type)
                return null;
            if (Member(json.RootElement, "terms", "OnDemand") is not { ValueKind: JsonValueKind.Object } terms) return null;
            foreach (JsonProperty term in terms.EnumerateObject())
            {
                if (Hourly(term.Value) is { } usd) return new ProductPrice(type.GetString()!, usd);
            }
            return null;
        }
        catch (JsonException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    private static decimal? Hourly(JsonElement term)
    {
        if (Member(term, "priceDimensions") is not { ValueKind: JsonValueKind.Object } dimensions) return null;
        foreach (JsonProperty dimension in dimensions.EnumerateObject())
        {
            if (Member(dimension.Value, "unit")?.GetString() == "Hrs"
                && decimal.TryParse(Member(dimension.Value, "pricePerUnit", "USD")?.GetString(), NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture, out decimal usd)
                && usd > 0)
            {
                return usd;
            }
        }
        return null;
    }

    private static JsonElement? Member(JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element)) return null;
        }
        return element;
    }
}
