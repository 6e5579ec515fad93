using Refrag.Aws;
using Refrag.Aws.Ec2;

namespace Refrag.History;

/// <summary>
/// What Spot instances cost when attempts started: the price in their zone at the beginning of that hour, so that attempts of one hour
/// share a request.
/// </summary>
/// <param name="aws">Carries operations of EC2.</param>
/// <param name="faults">Where refusals go.</param>
internal sealed class SpotHistory(IAwsTransport aws, MeasuringFaults faults)
{
    // A watch runs for months; attempts that are read again started in the last days.
    internal const int Most = 20_000;

    private readonly Dictionary<(string Type, string Zone, DateTimeOffset Hour), decimal?> _known = [];

    /// <summary>How many prices it knows.</summary>
    internal int Count => _known.Count;

    /// <summary>Asks for the prices that are not known yet; one request for each zone and hour.</summary>
    public async Task ReadAsync(
        IEnumerable<(string Type, string Zone, DateTimeOffset StartedAt)> wanted, CancellationToken cancellationToken)
    {
        // Before what is asked for now is added: none of that may be missing when it is looked for.
        if (_known.Count > Most)
        {
            foreach (var old in _known.Keys.OrderBy(one => one.Hour).Take(_known.Count - (Most / 2)).ToArray()) _known.Remove(old);
        }
        var open = wanted.Select(one => (one.Type, one.Zone, Hour: HourOf(one.StartedAt)))
            .Where(one => !_known.ContainsKey(one)).Distinct();
        foreach (var group in open.GroupBy(one => (one.Zone, one.Hour)).ToArray())
        {
            string[] types = [.. group.Select(one => one.Type)];
            List<SpotPriceInfo>? prices = await faults.AskAsync(
                "ec2:DescribeSpotPriceHistory", () => PricesAsync(types, group.Key.Zone, group.Key.Hour, cancellationToken));
            if (prices is null) continue;
            foreach (string type in types)
            {
                SpotPriceInfo? price = prices.FirstOrDefault(one => one.Type == type && one.Zone == group.Key.Zone);
                _known[(type, group.Key.Zone, group.Key.Hour)] = price?.Usd;
            }
        }
    }

    /// <summary>USD an hour; null if it is not known.</summary>
    public decimal? Find(string type, string zone, DateTimeOffset startedAt) => _known.GetValueOrDefault((type, zone, HourOf(startedAt)));

    private async Task<List<SpotPriceInfo>> PricesAsync(
        string[] types, string zone, DateTimeOffset at, CancellationToken cancellationToken) =>
        await aws.ItemsAsync(
            Ec2Operations.DescribeSpotPriceHistory, new DescribeSpotPriceHistoryRequest { At = at, Types = types, Zone = zone },
            page => page.Prices, cancellationToken).ToListAsync(cancellationToken);

    private static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
