using System.Globalization;

namespace Refrag.Scheduling.Catalogue;

/// <summary>Dated prices by instance type and region. Immutable.</summary>
public sealed class PriceTable
{
    /// <summary>The region that is taken where none is said.</summary>
    public const string DefaultRegion = "us-east-1";

    private readonly Dictionary<(string Type, string Region), Price> _prices;

    /// <summary>A table of these prices. Throws <see cref="ArgumentException"/> where a type and region come twice.</summary>
    public PriceTable(IEnumerable<Price> prices)
    {
        Prices = [.. prices];
        _prices = Prices.ToDictionary(price => (price.Type, price.Region));
    }

    /// <summary>All rows.</summary>
    public IReadOnlyList<Price> Prices { get; }

    /// <summary>A table without a price.</summary>
    public static PriceTable None { get; } = new([]);

    /// <summary>The table that the project carries: three regions, each row with its date and the basis of its figures.</summary>
    public static PriceTable Load() => Parse(Csv.Resource("prices.csv"));

    /// <summary>
    /// Reads a table with the columns type, region, on_demand, spot, as_of, on_demand_basis, spot_basis, interruption. Throws
    /// <see cref="FormatException"/> where a number or a date is none.
    /// </summary>
    public static PriceTable Parse(string csv) => new(Csv.Rows(csv).Select(cells => new Price
    {
        Type = cells[0],
        Region = cells[1],
        OnDemand = Csv.Money(cells[2]),
        Spot = Csv.Money(cells[3]),
        AsOf = cells[4] is "" or "undated" ? null : DateOnly.ParseExact(cells[4], "yyyy-MM-dd", CultureInfo.InvariantCulture),
        OnDemandBasis = cells[5],
        SpotBasis = cells[6],
        Interruption = Interruption(cells[7]),
    }));

    /// <summary>
    /// The table with these prices over its own, by type and region. How often Spot is interrupted stays known where the newer price does
    /// not say it.
    /// </summary>
    /// <param name="newer">Prices, each type and region once.</param>
    public PriceTable With(IEnumerable<Price> newer)
    {
        Dictionary<(string, string), Price> all = new(_prices);
        foreach (Price price in newer)
        {
            InterruptionClass known =
                price.Interruption == InterruptionClass.Unknown && all.TryGetValue((price.Type, price.Region), out Price? old)
                ? old.Interruption
                : price.Interruption;
            all[(price.Type, price.Region)] = price with { Interruption = known };
        }
        return new PriceTable(all.Values);
    }

    /// <summary>The price of a type in a region; null if the table has none.</summary>
    public Price? Find(string type, string region = DefaultRegion) => _prices.GetValueOrDefault((type, region));

    private static InterruptionClass Interruption(string cell) => cell switch
    {
        "<5%" => InterruptionClass.Below5,
        "5-10%" => InterruptionClass.From5To10,
        "10-15%" => InterruptionClass.From10To15,
        "15-20%" => InterruptionClass.From15To20,
        ">20%" => InterruptionClass.Above20,
        _ => InterruptionClass.Unknown,
    };
}
