using System.Globalization;
using System.IO.Compression;
using System.Text;
using Refrag.History;

namespace Refrag.Costs;

/// <summary>
/// What AWS's bill allocates to ECS tasks, and so to attempts of jobs: the split cost allocation data of a Cost and Usage Report, with the
/// column names of the old report or of CUR 2.0. (Data Exports User Guide, split line item columns)
/// </summary>
public sealed class SplitBill
{
    private readonly Dictionary<string, Charge> _charges = new(StringComparer.Ordinal);
    private readonly HashSet<(string Task, DateTimeOffset From, DateTimeOffset To, string Id)> _lines = [];

    // (Apache Parquet, File Format)
    private static ReadOnlySpan<byte> Parquet => "PAR1"u8;

    // (RFC 1952, 2.3.1)
    private static ReadOnlySpan<byte> Gzip => [0x1f, 0x8b];

    /// <summary>How many tasks have a charge.</summary>
    public int Tasks => _charges.Count;

    /// <summary>
    /// Reads report files or pipes, CSV or CSV in gzip. RF8105 for a file that cannot be read or is named twice, RF8106 for one without the
    /// columns, RF8107 for another currency.
    /// </summary>
    public static Result<SplitBill> Read(IEnumerable<string> files)
    {
        SplitBill bill = new();
        List<Problem> problems = [];
        HashSet<string> read = new(StringComparer.Ordinal);
        foreach (string file in files)
        {
            try
            {
                if (!read.Add(Path.GetFullPath(file))) problems.Add(SplitBillProblems.Twice(file));
                else if (bill.Add(file) is { } problem) problems.Add(problem);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                problems.Add(SplitBillProblems.Unreadable(file, e.Message));
            }
        }
        return problems.Count > 0 ? Result<SplitBill>.Failure(problems) : bill;
    }

    /// <summary>
    /// What an attempt cost by the bill: its share and its part of what was not used. Null unless the files cover all its time.
    /// </summary>
    public decimal? Of(RecordedAttempt attempt) =>
        attempt is { Task: { } task, StoppedAt: { } stopped } && _charges.TryGetValue(task, out Charge? charge)
            && charge.From <= attempt.StartedAt && charge.To >= stopped
            ? charge.Usd
            : null;

    // Opened once and read in one direction: it may be a pipe, such as that of --cur <(zcat FILE).
    private Problem? Add(string file)
    {
        using FileStream opened = File.OpenRead(file);
        byte[] start = new byte[Parquet.Length];
        int length = opened.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        if (start.AsSpan(0, length).SequenceEqual(Parquet)) return SplitBillProblems.Parquet(file);
        using ResumedStream all = new(start.AsMemory(0, length), opened);
        using Stream stream = start.AsSpan(0, length).StartsWith(Gzip) ? new GZipStream(all, CompressionMode.Decompress) : all;
        using StreamReader text = new(stream, Encoding.UTF8);
        SplitColumns? columns = null;
        foreach (IReadOnlyList<string> record in CsvRecords.Read(text))
        {
            if (columns is null)
            {
                columns = SplitColumns.Of(record);
                if (columns is null) return SplitBillProblems.NoColumns(file);
            }
            else if (columns.Charge(record) is { } line)
            {
                if (line.Currency is not ("USD" or "")) return SplitBillProblems.OtherCurrency(file, line.Currency);
                Add(line);
            }
        }
        return columns is null ? SplitBillProblems.NoColumns(file) : null;
    }

    private void Add(SplitLine line)
    {
        // A copy of a file, or an overlapping one, has the same lines again.
        if (line.Id.Length > 0 && !_lines.Add((line.Task, line.From, line.To, line.Id))) return;
        _charges[line.Task] = _charges.TryGetValue(line.Task, out Charge? known)
            ? new Charge(
                known.Usd + line.Usd, line.From < known.From ? line.From : known.From, line.To > known.To ? line.To : known.To)
            : new Charge(line.Usd, line.From, line.To);
    }

    private sealed record Charge(decimal Usd, DateTimeOffset From, DateTimeOffset To);
}

/// <summary>A line of the report that allocates a cost to a task; its id is empty where the report has none.</summary>
internal sealed record SplitLine(string Task, decimal Usd, DateTimeOffset From, DateTimeOffset To, string Currency, string Id);

/// <summary>Where the columns stand that are read.</summary>
internal sealed record SplitColumns
{
    private Dictionary<string, int> Places { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The places of the columns in the header; null if one is missing that must be there.</summary>
    public static SplitColumns? Of(IReadOnlyList<string> header)
    {
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (int i = 0; i < header.Count; i++) places.TryAdd(Plain(header[i]), i);
        string[] needed =
            ["lineitemresourceid", "lineitemusagestartdate", "lineitemusageenddate", "splitlineitemsplitcost", "splitlineitemunusedcost"];
        return needed.All(places.ContainsKey) ? new SplitColumns { Places = places } : null;
    }

    /// <summary>What a record charges a task; null if it charges none.</summary>
    public SplitLine? Charge(IReadOnlyList<string> record)
    {
        string task = Text(record, "lineitemresourceid");
        if (!task.Contains(":task/", StringComparison.Ordinal)) return null;
        // Net costs are there only where the account has a discount.
        decimal? share = Number(record, "splitlineitemnetsplitcost") ?? Number(record, "splitlineitemsplitcost");
        decimal? unused = Number(record, "splitlineitemnetunusedcost") ?? Number(record, "splitlineitemunusedcost");
        if (share is null && unused is null) return null;
        return Time(record, "lineitemusagestartdate") is { } from && Time(record, "lineitemusageenddate") is { } to
            ? new SplitLine(
                task, (share ?? 0) + (unused ?? 0), from, to, Text(record, "lineitemcurrencycode"), Text(record, "identitylineitemid"))
            : null;
    }

    // lineItem/ResourceId of the old report is line_item_resource_id in CUR 2.0 and in Athena.
    private static string Plain(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private string Text(IReadOnlyList<string> record, string column) =>
        Places.TryGetValue(column, out int place) && place < record.Count ? record[place] : "";

    private decimal? Number(IReadOnlyList<string> record, string column) =>
        decimal.TryParse(Text(record, column), NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) ? value : null;

    private DateTimeOffset? Time(IReadOnlyList<string> record, string column) =>
        DateTimeOffset.TryParse(
            Text(record, column), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;
}

/// <summary>What can be wrong with a report file. RF8105–RF8107.</summary>
internal static class SplitBillProblems
{
    public static Problem Unreadable(string file, string cause) => new()
    {
        Code = "RF8105",
        What = $"The cost report {file} cannot be read",
        Cause = cause,
        Cure = "Name a CSV file of a Cost and Usage Report, or one compressed with gzip.",
    };

    public static Problem Twice(string file) => new()
    {
        Code = "RF8105",
        What = $"The cost report {file} is named twice",
        Cause = "Its charges would count double.",
        Cure = "Name each file once.",
    };

    public static Problem NoColumns(string file) => new()
    {
        Code = "RF8106",
        What = $"The cost report {file} is not CSV with split cost allocation data",
        Cause = "It needs the columns line_item_resource_id, line_item_usage_start_date, line_item_usage_end_date, "
            + "split_line_item_split_cost and split_line_item_unused_cost, or their names in the old report.",
        Cure = "Opt in to split cost allocation data for Amazon ECS in the billing console, and export with resources as CSV.",
    };

    // Both ends of such a file carry these letters. (Apache Parquet, File Format)
    public static Problem Parquet(string file) => new()
    {
        Code = "RF8106",
        What = $"The cost report {file} is a Parquet file, and refrag reads CSV",
        Cause = "It begins with PAR1. Exports of CUR 2.0 are Parquet unless another format is chosen.",
        Cure = "Choose text/csv with gzip in the settings of the export; the files of its next delivery can be read.",
    };

    public static Problem OtherCurrency(string file, string currency) => new()
    {
        Code = "RF8107",
        What = $"The cost report {file} is in {currency}, and refrag counts in USD",
        Cure = "Leave --cur out for this account.",
    };
}
