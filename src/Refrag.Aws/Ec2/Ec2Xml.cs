using System.Globalization;

namespace Refrag.Aws.Ec2;

/// <summary>Reads EC2's XML.</summary>
internal static class Ec2Xml
{
    private const string Item = "/DescribeInstanceTypesResponse/instanceTypeSet/item";
    private const string Spot = "/DescribeSpotPriceHistoryResponse/spotPriceHistorySet/item";

    public static DescribeInstanceTypesResponse InstanceTypes(byte[] body)
    {
        var types = new List<InstanceTypeInfo>();
        string? next = null;
        foreach ((string path, string text) in XmlLeaves.Of(body, Item, Spot))
        {
            switch (path)
            {
                case "/DescribeInstanceTypesResponse/nextToken":
                    next = text;
                    break;
                // The element itself: what follows belongs to it, in whatever order.
                case Item:
                    types.Add(new InstanceTypeInfo("", 0, 0, 0));
                    break;
                case $"{Item}/instanceType":
                    types[^1] = types[^1] with { Name = text };
                    break;
                case $"{Item}/vCpuInfo/defaultVCpus":
                    types[^1] = types[^1] with { VCpus = Number(text) };
                    break;
                case $"{Item}/memoryInfo/sizeInMiB":
                    types[^1] = types[^1] with { MemoryMiB = Number(text) };
                    break;
                case $"{Item}/gpuInfo/gpus/item/count":
                    types[^1] = types[^1] with { Gpus = types[^1].Gpus + Number(text) };
                    break;
                case $"{Item}/gpuInfo/gpus/item/name":
                    types[^1] = types[^1] with { GpuModel = text };
                    break;
                case $"{Item}/gpuInfo/gpus/item/manufacturer":
                    types[^1] = types[^1] with { GpuMaker = text };
                    break;
                case $"{Item}/gpuInfo/gpus/item/memoryInfo/sizeInMiB":
                    types[^1] = types[^1] with { GpuMemoryMiB = Number(text) };
                    break;
                // Types that also run 32 bits name both; the wider one comes last or alone.
                case $"{Item}/processorInfo/supportedArchitectures/item" when text != "i386":
                    types[^1] = types[^1] with { Architecture = text };
                    break;
                case $"{Item}/supportedUsageClasses/item" when text == "spot":
                    types[^1] = types[^1] with { HasSpot = true };
                    break;
            }
        }
        return new DescribeInstanceTypesResponse { InstanceTypes = types, NextToken = string.IsNullOrEmpty(next) ? null : next };
    }

    public static DescribeSpotPriceHistoryResponse SpotPrices(byte[] body)
    {
        var prices = new List<SpotPriceInfo>();
        string? next = null;
        foreach ((string path, string text) in XmlLeaves.Of(body, Item, Spot))
        {
            switch (path)
            {
                case "/DescribeSpotPriceHistoryResponse/nextToken":
                    next = text;
                    break;
                case Spot:
                    prices.Add(new SpotPriceInfo("", "", 0));
                    break;
                case $"{Spot}/instanceType":
                    prices[^1] = prices[^1] with { Type = text };
                    break;
                case $"{Spot}/availabilityZone":
                    prices[^1] = prices[^1] with { Zone = text };
                    break;
                case $"{Spot}/spotPrice":
                    prices[^1] = prices[^1] with { Usd = Money(text) };
                    break;
            }
        }
        return new DescribeSpotPriceHistoryResponse { Prices = prices, NextToken = string.IsNullOrEmpty(next) ? null : next };
    }

    public static GetSpotPlacementScoresResponse SpotScores(byte[] body) => new()
    {
        Scores = [.. XmlLeaves.Of(body)
            .Where(l => l.Path == "/GetSpotPlacementScoresResponse/spotPlacementScoreSet/item/score").Select(l => Number(l.Text))],
    };

    /// <summary>A time as EC2 reads it.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static decimal Money(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal usd)
            ? usd
            : throw new InvalidDataException($"{text} is not a price");

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new InvalidDataException($"{text} is not a whole number");
}
