using System.Text.Json;
using System.Text.Json.Serialization;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Streams;
using Refrag.Sweeps;

namespace Refrag.Dashboard.Sweeps;

/// <summary>The sweeps that can be shown.</summary>
internal sealed record SweepList : PageReading
{
    /// <summary>The newest first.</summary>
    public IReadOnlyList<SweepEntry> Sweeps { get; init; } = [];
}

/// <summary>A sweep that can be shown.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Path">How a command names its manifest.</param>
/// <param name="Changed">When its manifest was last written, in milliseconds since 1970, in UTC.</param>
internal sealed record SweepEntry(string Name, string Path, long Changed);

/// <summary>The jobs of a sweep.</summary>
internal sealed record SweepPage : PageReading
{
    /// <summary>How a command names its manifest.</summary>
    public string Path { get; init; } = "";

    /// <summary>The keys of the overrides.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>The metrics.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>The jobs; of very many the first.</summary>
    public IReadOnlyList<SweepJobRow> Rows { get; init; } = [];

    /// <summary>How many jobs the sweep has.</summary>
    public int Total { get; init; }

    /// <summary>Why metrics are missing that jobs may have, in words; null if there is no reason.</summary>
    public string? Unread { get; init; }

    public static SweepPage Of(string path, SweepTable table, int most) => new()
    {
        Path = path,
        Keys = table.Keys,
        Metrics = table.Metrics,
        Rows = [.. table.Rows.Take(most).Select(SweepJobRow.Of)],
        Total = table.Rows.Count,
        Unread = table.Unread,
    };

    public static SweepPage Failed(string path, Problem problem) => new() { Path = path, Problem = PageProblem.Of(problem) };
}

/// <summary>A job of a sweep.</summary>
internal sealed record SweepJobRow
{
    /// <summary>Its index in the sweep.</summary>
    public required long Job { get; init; }

    /// <summary>The id of its newest job; null if it was not submitted.</summary>
    public string? Id { get; init; }

    /// <summary>Its state, as AWS names it.</summary>
    public required string Status { get; init; }

    /// <summary>Its overrides that not all others have, by key.</summary>
    public required IReadOnlyDictionary<string, string> Overrides { get; init; }

    /// <summary>Its last metrics; null if it has stored none.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Metrics { get; init; }

    public static SweepJobRow Of(SweepRow row) => new()
    {
        Job = row.Job,
        Id = row.JobId,
        Status = row.Status,
        Overrides = row.Values(),
        Metrics = row.Metrics,
    };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SweepList))]
[JsonSerializable(typeof(SweepPage))]
internal sealed partial class SweepJson : JsonSerializerContext;
