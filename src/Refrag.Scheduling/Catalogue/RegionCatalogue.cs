using System.Globalization;
using System.Text;

namespace Refrag.Scheduling.Catalogue;

/// <summary>The instance types of one region with their prices, as they were read at one time. Text and back.</summary>
public sealed record RegionCatalogue
{
    private const string Header =
        "type,vcpus,memory_mib,architecture,gpus,gpu_model,gpu_memory_mib,spot,on_demand,spot_price,as_of,on_demand_basis,spot_basis";
    private const string RegionMark = "# region: ";
    private const string TakenMark = "# taken: ";
    private const string SourceMark = "# source: ";

    // What accelerators of other makers than NVIDIA are called; Gaudi is Habana's.
    private static readonly string[] s_otherMakers = ["AMD ", "AWS ", "Gaudi", "Habana ", "Intel ", "Qualcomm ", "Xilinx "];

    /// <summary>The region, such as <c>us-east-1</c>.</summary>
    public required string Region { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>What was asked, for people; one line.</summary>
    public required string Source { get; init; }

    /// <summary>The types.</summary>
    public required IReadOnlyList<InstanceType> Types { get; init; }

    /// <summary>The prices, of <see cref="Region"/> only; a type may have none.</summary>
    public required IReadOnlyList<Price> Prices { get; init; }

    /// <summary>
    /// Reads what <see cref="ToText"/> wrote. Throws <see cref="FormatException"/> for anything else, half a file included.
    /// </summary>
    /// <param name="text">The whole file.</param>
    public static RegionCatalogue Parse(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.TrimEntries);
        string[][] rows = [.. Csv.Rows(text)];
        int columns = Header.Count(c => c == ',') + 1;
        if (rows.FirstOrDefault(r => r.Length != columns) is { } odd)
            throw new FormatException($"the row of {odd[0]} has {odd.Length} cells, not {columns}");
        if (!lines.Contains(Header) || !lines.Contains("# end")) throw new FormatException("it has no header or no end");
        if (rows.DistinctBy(r => r[0]).Count() != rows.Length) throw new FormatException("a type stands in it twice");
        if (rows.FirstOrDefault(r => !r[0].Contains('.', StringComparison.Ordinal)) is { } nameless)
            throw new FormatException($"{nameless[0]} is not an instance type");
        string region = Mark(lines, RegionMark);
        return new RegionCatalogue
        {
            Region = region,
            TakenAt =
                DateTimeOffset.ParseExact(
                    Mark(lines, TakenMark), "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
            Source = Mark(lines, SourceMark),
            Types = [.. rows.Select(Type)],
            Prices = [.. rows.Where(r => r[8].Length + r[9].Length > 0).Select(r => new Price
            {
                Type = r[0],
                Region = region,
                OnDemand = Csv.Money(r[8]),
                Spot = Csv.Money(r[9]),
                AsOf = r[10].Length == 0 ? null : DateOnly.ParseExact(r[10], "yyyy-MM-dd", CultureInfo.InvariantCulture),
                OnDemandBasis = r[11],
                SpotBasis = r[12],
            })],
        };
    }

    /// <summary>
    /// The file's text: three lines that say where and when, a header, a line a type, and an end that a file cut short lacks.
    /// </summary>
    public string ToText()
    {
        var prices = new PriceTable(Prices);
        var text = new StringBuilder();
        text.Append(RegionMark).Append(Region).Append('\n');
        text.Append(TakenMark).Append(TakenAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)).Append('\n');
        text.Append(SourceMark).Append(Source.ReplaceLineEndings(" ")).Append('\n').Append(Header).Append('\n');
        foreach (InstanceType type in Types) text.AppendJoin(',', Cells(type, prices.Find(type.Name, Region))).Append('\n');
        return text.Append("# end\n").ToString();
    }

    private static string[] Cells(InstanceType type, Price? price) =>
    [
        type.Name, Text(type.VCpus), Text(type.InstalledMiB), type.Architecture == Architecture.Arm64 ? "arm64" : "x86_64",
        Text(type.Accelerators), Cell(type.Accelerator), Text(type.AcceleratorMemoryMiB), type.HasSpot ? "yes" : "no",
        Money(price?.OnDemand),
        Money(price?.Spot),
        price?.AsOf?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "", Cell(price?.OnDemandBasis), Cell(price?.SpotBasis),
    ];

    private static InstanceType Type(string[] cells) => new()
    {
        Name = cells[0],
        VCpus = Csv.Number(cells[1]),
        InstalledMiB = Csv.Number(cells[2]),
        Architecture = cells[3] == "arm64" ? Architecture.Arm64 : Architecture.X64,
        Accelerators = Csv.Number(cells[4]),
        Accelerator = cells[5].Length == 0 ? null : WithMaker(cells[5]),
        AcceleratorMemoryMiB = Csv.Number(cells[6]),
        HasSpot = cells[7] == "yes",
    };

    // Files of earlier versions have the model alone, such as A10G or RTX PRO Server 6000; AMD's are all called Radeon.
    private static string WithMaker(string model) =>
        model.StartsWith("Radeon", StringComparison.Ordinal) ? $"AMD {model}"
        : model.StartsWith(InstanceType.Nvidia, StringComparison.Ordinal) || IsOfAnotherMaker(model) ? model
        : InstanceType.Nvidia + model;

    private static bool IsOfAnotherMaker(string model) =>
        s_otherMakers.Any(maker => model.StartsWith(maker, StringComparison.Ordinal));

    private static string Mark(string[] lines, string mark) =>
        lines.FirstOrDefault(l => l.StartsWith(mark, StringComparison.Ordinal))?[mark.Length..]
            ?? throw new FormatException($"the line \"{mark.Trim()}\" is missing");

    private static string Text(int number) => number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);

    private static string Money(decimal? usd) => usd?.ToString("0.######", CultureInfo.InvariantCulture) ?? "";

    // The table knows no quotes.
    private static string Cell(string? text) => (text ?? "").Replace(',', ' ').ReplaceLineEndings(" ");
}
