using Refrag.Aws;
using Refrag.Aws.Ec2;
using Refrag.Aws.Pricing;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Catalogues;

/// <summary>Reads the instance types and prices of one region from AWS. Fails as its transports do, and then has changed nothing.</summary>
/// <param name="ec2">EC2 in that region.</param>
/// <param name="pricing">The price list; null leaves the on-demand prices as they are known.</param>
/// <param name="time">Gives the date of the figures.</param>
public sealed class CatalogueReader(IAwsTransport ec2, IAwsTransport? pricing, TimeProvider time)
{
    /// <summary>Reads all pages of all three.</summary>
    /// <param name="region">The region that the transports ask.</param>
    /// <param name="known">Where on-demand prices are taken from without a price list.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RegionCatalogue> ReadAsync(string region, PriceTable known, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        List<InstanceType> types = await TypesAsync(cancellationToken);
        Dictionary<string, decimal> spot = await SpotAsync(now, cancellationToken);
        Dictionary<string, decimal>? onDemand = pricing is null ? null : await OnDemandAsync(pricing, region, cancellationToken);
        DateOnly today = DateOnly.FromDateTime(now.UtcDateTime);
        return new RegionCatalogue
        {
            Region = region,
            TakenAt = now,
            Source = pricing is null
                ? "EC2 DescribeInstanceTypes and DescribeSpotPriceHistory; on-demand prices as known before"
                : "EC2 DescribeInstanceTypes and DescribeSpotPriceHistory; Pricing GetProducts",
            Types = types,
            Prices = [.. types.Select(t => Price(t.Name, region, today, Find(spot, t.Name), onDemand, known.Find(t.Name, region)))
                .Where(p => p.Spot is not null || p.OnDemand is not null)],
        };
    }

    private static Price Price(
        string type, string region, DateOnly today, decimal? spot, Dictionary<string, decimal>? onDemand, Price? known)
    {
        if (onDemand is not null)
            return new Price
            {
                Type = type,
                Region = region,
                Spot = spot,
                OnDemand = Find(onDemand, type),
                AsOf = today,
                SpotBasis = "EC2 mean of zones",
                OnDemandBasis = "AWS price list",
            };
        return new Price
        {
            Type = type,
            Region = region,
            Spot = spot,
            OnDemand = known?.OnDemand,
            // The older of two dates: a price must not look fresher than it is.
            AsOf = known?.OnDemand is null ? today : known.AsOf,
            SpotBasis = "EC2 mean of zones",
            OnDemandBasis = known?.OnDemandBasis ?? "",
        };
    }

    private async Task<List<InstanceType>> TypesAsync(CancellationToken cancellationToken)
    {
        DescribeInstanceTypesRequest request = new() { Patterns = [] };
        List<InstanceType> types =
            await ec2.ItemsAsync(Ec2Operations.DescribeInstanceTypes, request, page => page.InstanceTypes, cancellationToken)
            .Where(CanHost).Select(Type).ToListAsync(cancellationToken);
        return [.. types.DistinctBy(t => t.Name)
            .OrderBy(t => t.Family, StringComparer.Ordinal).ThenBy(t => t.VCpus).ThenBy(t => t.Name, StringComparer.Ordinal)];
    }

    // Macs are hosts of their own kind, which Batch does not start.
    private static bool CanHost(InstanceTypeInfo type) =>
        type.Architecture is "x86_64" or "arm64" && type.VCpus > 0 && type.Name.Contains('.', StringComparison.Ordinal);

    private static InstanceType Type(InstanceTypeInfo type) => new()
    {
        Name = type.Name,
        VCpus = type.VCpus,
        InstalledMiB = checked((int)type.MemoryMiB),
        Architecture = type.Architecture == "arm64" ? Architecture.Arm64 : Architecture.X64,
        Accelerator = type.Gpus > 0 ? $"{type.GpuMaker ?? "NVIDIA"} {type.GpuModel}" : null,
        Accelerators = type.Gpus,
        AcceleratorMemoryMiB = type.Gpus > 0 ? type.GpuMemoryMiB : 0,
        HasSpot = type.HasSpot,
    };

    private async Task<Dictionary<string, decimal>> SpotAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DescribeSpotPriceHistoryRequest request = new() { At = now };
        List<SpotPriceInfo> prices =
            await ec2.ItemsAsync(Ec2Operations.DescribeSpotPriceHistory, request, page => page.Prices, cancellationToken)
            .ToListAsync(cancellationToken);
        // Newest first within a zone, so the first of a zone counts.
        return prices.DistinctBy(p => (p.Type, p.Zone))
            .GroupBy(p => p.Type, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Average(p => p.Usd), StringComparer.Ordinal);
    }

    private static async Task<Dictionary<string, decimal>> OnDemandAsync(
        IAwsTransport pricing, string region, CancellationToken cancellationToken)
    {
        Dictionary<string, decimal> prices = new(StringComparer.Ordinal);
        GetProductsRequest request = GetProductsRequest.LinuxOnDemand(region);
        await foreach (string entry
            in pricing.ItemsAsync(PricingOperations.GetProducts, request, page => page.PriceList, cancellationToken))
        {
            if (ProductPrice.Read(entry) is { } price) prices[price.Type] = price.Usd;
        }
        return prices;
    }

    private static decimal? Find(Dictionary<string, decimal> prices, string type) => prices.TryGetValue(type, out decimal usd) ? usd : null;
}
