using System.Text.Json.Serialization;
using Refrag.Dashboard.Problems;

namespace Refrag.Dashboard.Jobs;

/// <summary>A part of the table as it is; the pages of one snapshot have the same sequence number.</summary>
internal sealed record TableSnapshot
{
    /// <summary>The number of the newest change in it; the next change has the next number.</summary>
    public required long Sequence { get; init; }

    /// <summary>How many rows the whole has.</summary>
    public required int Total { get; init; }

    /// <summary>Whether it is the first part, which replaces what the page had.</summary>
    public required bool First { get; init; }

    /// <summary>Whether it is the last part.</summary>
    public required bool Last { get; init; }

    /// <summary>The rows of this part.</summary>
    public required IReadOnlyList<TableRow> Rows { get; init; }

    /// <summary>How the reading stands.</summary>
    public required ReadingStatus Status { get; init; }
}

/// <summary>A change of the table.</summary>
internal sealed record TableChange
{
    /// <summary>Its number, one more than that of the change before.</summary>
    public required long Sequence { get; init; }

    /// <summary>New and changed rows.</summary>
    public IReadOnlyList<TableRow>? Changed { get; init; }

    /// <summary>The ids of rows that are gone.</summary>
    public IReadOnlyList<string>? Removed { get; init; }

    /// <summary>How the reading stands, if that has changed.</summary>
    public ReadingStatus? Status { get; init; }
}

/// <summary>How far Batch was read, and when. Times are milliseconds since 1970, in UTC.</summary>
internal sealed record ReadingStatus
{
    /// <summary>When the table was last whole; null before that.</summary>
    public long? At { get; init; }

    /// <summary>Whether more jobs exist than the page holds.</summary>
    public bool Cut { get; init; }

    /// <summary>How many jobs were not described yet, and so lack tags and needs.</summary>
    public int Undescribed { get; init; }

    /// <summary>How many queues exist; null before they were read.</summary>
    public int? Queues { get; init; }

    /// <summary>Requests to Batch so far.</summary>
    public long Requests { get; init; }

    /// <summary>Why it cannot be read; null if it can.</summary>
    public PageProblem? Problem { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TableSnapshot))]
[JsonSerializable(typeof(TableChange))]
internal sealed partial class TableJson : JsonSerializerContext;
