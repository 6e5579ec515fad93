using System.Globalization;
using System.Xml;

namespace Refrag.Aws.Ec2;

/// <summary>Reads EC2's XML. Elements are known by the path of their names, without namespaces.</summary>
internal static class Ec2Xml
{
    private const string Item = "/DescribeInstanceTypesResponse/instanceTypeSet/item";
    private const string Spot = "/DescribeSpotPriceHistoryResponse/spotPriceHistorySet/item";

    // No document of ours has a type definition; one that has is not EC2's.
    private static readonly XmlReaderSettings s_settings = new() { DtdProcessing = DtdProcessing.Prohibit, IgnoreWhitespace = true, IgnoreComments = true };

    /// <summary>Code and message of an error; null where the document has none.</summary>
    public static (string? Code, string? Message) Error(byte[] body)
    {
        string? code = null;
        string? message = null;
        try
        {
            foreach ((string path, string text) in Leaves(body))
            {
                if (path.EndsWith("/Error/Code", StringComparison.Ordinal)) code ??= text;
                if (path.EndsWith("/Error/Message", StringComparison.Ordinal)) message ??= text;
            }
        }
        catch (InvalidDataException)
        {
            // A proxy's page, or half an answer: the status must say it.
        }
        return (code, message);
    }

    public static DescribeInstanceTypesResponse InstanceTypes(byte[] body)
    {
        var types = new List<InstanceTypeInfo>();
        string? next = null;
        foreach ((string path, string text) in Leaves(body))
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
        foreach ((string path, string text) in Leaves(body))
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

    /// <summary>A time as EC2 reads it.</summary>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static decimal Money(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal usd) ? usd : throw new InvalidDataException($"{text} is no price");

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : throw new InvalidDataException($"{text} is no whole number");

    // Every text with its path; and where a type or a price begins, its path with an empty text.
    private static List<(string Path, string Text)> Leaves(byte[] body)
    {
        var found = new List<(string, string)>();
        var path = new Stack<string>([""]);
        try
        {
            using var xml = XmlReader.Create(new MemoryStream(body), s_settings);
            while (xml.Read())
            {
                switch (xml.NodeType)
                {
                    case XmlNodeType.Element:
                        string element = $"{path.Peek()}/{xml.LocalName}";
                        if (element is Item or Spot) found.Add((element, ""));
                        if (!xml.IsEmptyElement) path.Push(element);
                        break;
                    case XmlNodeType.Text or XmlNodeType.CDATA:
                        found.Add((path.Peek(), xml.Value));
                        break;
                    case XmlNodeType.EndElement:
                        path.Pop();
                        break;
                }
            }
        }
        catch (XmlException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
        return found;
    }
}
