using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Monitoring;

namespace Refrag.History;

/// <summary>Keeps queues, fleets and prices in the history, as one who watches sees them.</summary>
/// <param name="hosts">Carries operations of ECS and EC2 to the same place; null if there is none, and queues are recorded alone.</param>
/// <param name="endpoint">Where Batch is: <see cref="JobPlace.Aws"/> or a URL.</param>
/// <param name="store">The history.</param>
/// <param name="time">The clock.</param>
/// <param name="report">Hears once of what is refused or not answered.</param>
/// <param name="onDemand">USD an hour of a type on demand in a region; null if it is not known.</param>
public sealed class SampleRecorder(
    IAwsTransport? hosts, string endpoint, HistoryStore store, TimeProvider time, Action<Problem> report,
    Func<string, string, decimal?> onDemand)
{
    // Spot prices change a few times a day. (EC2 User Guide, Spot Instance pricing history)
    private static readonly TimeSpan s_pricePause = TimeSpan.FromHours(1);

    private readonly MeasuringFaults _faults = new(time, report);
    private readonly Dictionary<(string Place, string Type, string Zone, string Market), DateTimeOffset> _priced = [];

    /// <summary>Keeps what an activity shows, with the instances of its environments and their prices.</summary>
    public async Task SeeAsync(Activity activity, CancellationToken cancellationToken)
    {
        foreach ((JobPlace place, PlaceSample sample) in PlaceSample.Of(endpoint, activity.Queues, activity.IsCut, activity.At))
        {
            PlaceSample whole = hosts is null ? sample : await WithHostsAsync(hosts, sample, activity, cancellationToken);
            PriceSample[] prices = await PricesAsync(place, whole, cancellationToken);
            store.Put(place, whole with { Prices = prices });
        }
    }

    private async Task<PlaceSample> WithHostsAsync(
        IAwsTransport aws, PlaceSample sample, Activity activity, CancellationToken cancellationToken)
    {
        var reader = new FleetHostReader(aws, _faults);
        Dictionary<string, ComputeEnvironmentDetail> details = activity.Environments.Select(one => one.Detail)
            .OfType<ComputeEnvironmentDetail>().ToDictionary(one => one.ComputeEnvironmentName, StringComparer.Ordinal);
        List<FleetSample> fleets = [];
        foreach (FleetSample fleet in sample.Fleets)
        {
            fleets.Add(details.TryGetValue(fleet.Environment, out ComputeEnvironmentDetail? detail)
                ? fleet with { Hosts = await reader.ReadAsync(detail, cancellationToken) }
                : fleet);
        }
        return sample with { Fleets = fleets };
    }

    private async Task<PriceSample[]> PricesAsync(JobPlace place, PlaceSample sample, CancellationToken cancellationToken)
    {
        InstanceCount[] wanted =
        [
            .. sample.Fleets.SelectMany(fleet => fleet.Hosts?.Instances ?? []).Where(one => one.Type.Length > 0)
                .DistinctBy(one => (one.Type, one.Zone, one.Market)).Where(one => IsDue(place, one, sample.At)),
        ];
        List<PriceSample> prices = [];
        foreach (IGrouping<string, InstanceCount> zone in wanted.Where(one => one.Market == HostInstance.Spot).GroupBy(one => one.Zone))
        {
            string[] types = [.. zone.Select(one => one.Type)];
            List<SpotPriceInfo>? answer = await _faults.AskAsync(
                "ec2:DescribeSpotPriceHistory", () => SpotAsync(types, zone.Key, sample.At, cancellationToken));
            prices.AddRange((answer ?? []).Where(one => one.Zone == zone.Key)
                .DistinctBy(one => one.Type, StringComparer.Ordinal)
                .Select(one => new PriceSample(one.Type, one.Zone, HostInstance.Spot, one.Usd)));
        }
        foreach (string type in wanted.Select(one => one.Type).Distinct(StringComparer.Ordinal))
        {
            if (onDemand(type, place.Region) is { } usd) prices.Add(new PriceSample(type, "", HostInstance.OnDemand, usd));
        }
        foreach (InstanceCount one in wanted) _priced[(place.ToString(), one.Type, one.Zone, one.Market)] = sample.At;
        return [.. prices];
    }

    private bool IsDue(JobPlace place, InstanceCount one, DateTimeOffset at) =>
        !_priced.TryGetValue((place.ToString(), one.Type, one.Zone, one.Market), out DateTimeOffset before)
        || at - before >= s_pricePause;

    private async Task<List<SpotPriceInfo>> SpotAsync(
        string[] types, string zone, DateTimeOffset at, CancellationToken cancellationToken) =>
        await hosts!.ItemsAsync(
            Ec2Operations.DescribeSpotPriceHistory, new DescribeSpotPriceHistoryRequest { At = at, Types = types, Zone = zone },
            page => page.Prices, cancellationToken).ToListAsync(cancellationToken);
}
