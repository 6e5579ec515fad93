using System.Text.Json.Serialization;
using Refrag.Cli.Context;
using Refrag.History;

namespace Refrag.Cli.Commands.History;

/// <summary>The object of <c>refrag history --json</c>: what the history on this machine holds.</summary>
internal sealed record HistoryDescription
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>The bytes in use; the file may be larger, by room for what comes next.</summary>
    public required long Bytes { get; init; }

    /// <summary>The bytes that may be in use; left out for no limit.</summary>
    public long? MostBytes { get; init; }

    /// <summary>For how many days jobs are kept; left out for no limit.</summary>
    public double? KeptDays { get; init; }

    /// <summary>For how many days samples and prices are kept; left out for no limit.</summary>
    public double? SampleDays { get; init; }

    /// <summary>How many jobs of a place are kept; left out for no limit.</summary>
    public long? MostJobs { get; init; }

    /// <summary>The places.</summary>
    public required IReadOnlyList<HistoryPlace> Places { get; init; }

    public static HistoryDescription Of(string file, HistoryStore store, IEnumerable<PlaceContents> contents)
    {
        HistoryLimits limits = store.Limits;
        bool isLimited = limits != HistoryLimits.None;
        return new HistoryDescription
        {
            File = file,
            Bytes = store.UsedBytes,
            MostBytes = isLimited ? limits.Bytes : null,
            KeptDays = isLimited ? limits.Age.TotalDays : null,
            SampleDays = isLimited ? limits.SampleAge.TotalDays : null,
            MostJobs = isLimited ? limits.Jobs : null,
            Places = [.. contents.Select(HistoryPlace.Of)],
        };
    }
}

/// <summary>What the history holds of one place.</summary>
internal sealed record HistoryPlace
{
    /// <summary>Its name: endpoint, account and region.</summary>
    public required string Place { get; init; }

    /// <summary><c>aws</c>, or the URL of another server.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The account.</summary>
    public required string Account { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }

    /// <summary>How many jobs.</summary>
    public required long Jobs { get; init; }

    /// <summary>How many attempts.</summary>
    public required long Attempts { get; init; }

    /// <summary>When the first of the jobs was submitted.</summary>
    public DateTimeOffset? FirstJob { get; init; }

    /// <summary>When a job was last seen.</summary>
    public DateTimeOffset? LastJob { get; init; }

    /// <summary>How many samples of queues.</summary>
    public required long QueueSamples { get; init; }

    /// <summary>How many samples of compute environments.</summary>
    public required long FleetSamples { get; init; }

    /// <summary>How many prices.</summary>
    public required long Prices { get; init; }

    /// <summary>The first sample.</summary>
    public DateTimeOffset? FirstSample { get; init; }

    /// <summary>The newest sample.</summary>
    public DateTimeOffset? NewestSample { get; init; }

    /// <summary>How often more than 15 minutes passed from one sample to the next.</summary>
    public required int Gaps { get; init; }

    /// <summary>How long these gaps are together, in seconds.</summary>
    public required double GapSeconds { get; init; }

    /// <summary>The longest of them, in seconds.</summary>
    public required double LongestGapSeconds { get; init; }

    public static HistoryPlace Of(PlaceContents contents) => new()
    {
        Place = contents.Place.ToString(),
        Endpoint = contents.Place.Endpoint,
        Account = contents.Place.Account,
        Region = contents.Place.Region,
        Jobs = contents.Jobs,
        Attempts = contents.Attempts,
        FirstJob = contents.FirstJob,
        LastJob = contents.LastJob,
        QueueSamples = contents.QueueSamples,
        FleetSamples = contents.FleetSamples,
        Prices = contents.Prices,
        FirstSample = contents.FirstSample,
        NewestSample = contents.NewestSample,
        Gaps = contents.Gaps,
        GapSeconds = contents.GapTime.TotalSeconds,
        LongestGapSeconds = contents.LongestGap.TotalSeconds,
    };
}

/// <summary>The object of <c>refrag history prune --json</c>: what was removed.</summary>
internal sealed record PrunedHistory
{
    /// <summary>How many jobs were removed.</summary>
    public required long Jobs { get; init; }

    /// <summary>How many samples of queues and compute environments were removed.</summary>
    public required long Samples { get; init; }

    /// <summary>How many prices were removed.</summary>
    public required long Prices { get; init; }

    /// <summary>The bytes that were in use.</summary>
    public required long BytesBefore { get; init; }

    /// <summary>The bytes that are in use.</summary>
    public required long Bytes { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(UtcTimeConverter)])]
[JsonSerializable(typeof(WatchedLine))]
[JsonSerializable(typeof(HistoryDescription))]
[JsonSerializable(typeof(PrunedHistory))]
internal sealed partial class HistoryJson : JsonSerializerContext;
