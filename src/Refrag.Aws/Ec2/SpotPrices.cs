namespace Refrag.Aws.Ec2;

/// <summary>What <c>DescribeSpotPriceHistory</c> is asked, as far as refrag asks it.</summary>
public sealed record DescribeSpotPriceHistoryRequest
{
    /// <summary>The instant whose prices are wanted; within the last 90 days.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The instance types; empty for all.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The availability zone; null for all.</summary>
    public string? Zone { get; init; }

    /// <summary>The next page's token; null for the first.</summary>
    public string? NextToken { get; init; }
}

/// <summary>What <c>DescribeSpotPriceHistory</c> answers, as far as refrag reads it.</summary>
public sealed record DescribeSpotPriceHistoryResponse
{
    /// <summary>Prices by type and zone.</summary>
    public IReadOnlyList<SpotPriceInfo> Prices { get; init; } = [];

    /// <summary>The next page's token; null on the last.</summary>
    public string? NextToken { get; init; }
}

/// <summary>What a type costs on the Spot market of one zone.</summary>
/// <param name="Type">Such as <c>m6i.xlarge</c>.</param>
/// <param name="Zone">The availability zone.</param>
/// <param name="Usd">USD an hour.</param>
public sealed record SpotPriceInfo(string Type, string Zone, decimal Usd);
