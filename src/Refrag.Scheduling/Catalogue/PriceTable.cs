using System.Globalization;

namespace Refrag.Scheduling.Catalogue;

/// <summary>Dated prices by instance type and region. Immutable.</summary>
public sealed class PriceTable
{
    /// <summary>The region that is taken where none is said.</summary>
    public const string DefaultRegion = "us-east-1";

    private static readonly Lazy<PriceTable> s_carried = new(() => Parse(Csv.Resource("prices.csv")));

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

    /// <summary>The table that the project carries: some regions, each price with its date and the basis of its figures.</summary>
    public static PriceTable Load() => s_carried.Value;

    // A row a family of a region, whose sizes have one source; a source has a row of its own, which comes first and begins with =. The
    // first lines of the table say what a size has.
    private static PriceTable Parse(string csv)
    {
        string[][] rows = [.. Csv.Rows(csv)];
        Dictionary<string, Price> sources = rows.Where(IsSource).ToDictionary(cells => cells[0][1..], cells => new Price
        {
            Type = "",
            Region = "",
            AsOf = cells[1] is "" or "undated" ? null : DateOnly.ParseExact(cells[1], "yyyy-MM-dd", CultureInfo.InvariantCulture),
            OnDemandBasis = cells[2],
            SpotBasis = cells[3],
        }, StringComparer.Ordinal);
        return new PriceTable(
            from cells in rows
            where !IsSource(cells)
            from size in cells[3].Split(' ')
            select PriceOf(sources[cells[0]], cells, size.Split(':')));
    }

    private static bool IsSource(string[] cells) => cells[0][0] == '=';

    private static Price PriceOf(Price source, string[] family, string[] size) => source with
    {
        Type = $"{family[2]}.{size[0]}",
        Region = family[1],
        OnDemand = Csv.Money(Csv.Cell(size, 1)),
        Spot = Csv.Money(Csv.Cell(size, 2)),
        Interruption = (InterruptionClass)Csv.Number(Csv.Cell(size, 3)),
    };

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
}
