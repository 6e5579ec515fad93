namespace Refrag.Aws.Pricing;

/// <summary>What <c>GetProducts</c> is asked, as far as refrag asks it.</summary>
public sealed record GetProductsRequest
{
    /// <summary>The service whose products are wanted.</summary>
    public string ServiceCode { get; init; } = "AmazonEC2";

    /// <summary>How products are written; there is one way.</summary>
    public string FormatVersion { get; init; } = "aws_v1";

    /// <summary>What a product must have, all of it.</summary>
    public required IReadOnlyList<ProductFilter> Filters { get; init; }

    /// <summary>The most products a page, at most 100.</summary>
    public int MaxResults { get; init; } = 100;

    /// <summary>The next page's token; null for the first.</summary>
    public string? NextToken { get; init; }

    /// <summary>What selects Linux instances on demand, shared hosts and no licence, of one region.</summary>
    /// <param name="region">Such as <c>us-east-1</c>.</param>
    public static GetProductsRequest LinuxOnDemand(string region) => new()
    {
        Filters =
        [
            new("regionCode", region), new("operatingSystem", "Linux"), new("tenancy", "Shared"), new("preInstalledSw", "NA"),
            // Used: not the two rates of a capacity reservation.
            new("capacitystatus", "Used"), new("marketoption", "OnDemand"),
        ],
    };
}

/// <summary>One condition on a product.</summary>
/// <param name="Field">The attribute.</param>
/// <param name="Value">What it must be.</param>
/// <param name="Type">How it is compared.</param>
public sealed record ProductFilter(string Field, string Value, string Type = "TERM_MATCH");

/// <summary>What <c>GetProducts</c> answers.</summary>
public sealed record GetProductsResponse
{
    /// <summary>Each product with its terms, as JSON of its own: <see cref="ProductPrice.Read"/>.</summary>
    public IReadOnlyList<string> PriceList { get; init; } = [];

    /// <summary>The next page's token; null on the last.</summary>
    public string? NextToken { get; init; }
}
