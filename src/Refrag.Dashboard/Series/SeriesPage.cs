using System.Text.Json.Serialization;
using Refrag.Dashboard.Streams;
using Refrag.History;

namespace Refrag.Dashboard.Series;

/// <summary>
/// What the history has of queues and fleets over a span. Times are milliseconds since 1970, in UTC; a part of the span without a sample
/// has no point.
/// </summary>
internal sealed record SeriesPage : PageReading
{
    /// <summary>The first and the last moment of the span.</summary>
    public IReadOnlyList<long> Span { get; init; } = [];

    /// <summary>More than this between two points is a gap, in milliseconds.</summary>
    public long Gap { get; init; }

    /// <summary>Queues.</summary>
    public IReadOnlyList<QueueSeries> Queues { get; init; } = [];

    /// <summary>Compute environments.</summary>
    public IReadOnlyList<FleetSeries> Fleets { get; init; } = [];

    /// <summary>The newest sample of this place; null if there is none at all.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Newest { get; init; }

    /// <summary>Whether nothing is recorded here: the jobs run on this machine.</summary>
    public bool IsLocal { get; init; }
}

/// <summary>A queue over a span: one list for each figure, of one length.</summary>
internal sealed record QueueSeries
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The times.</summary>
    public required IReadOnlyList<long> At { get; init; }

    /// <summary>Jobs that wait, the mean.</summary>
    public required IReadOnlyList<double> Waiting { get; init; }

    /// <summary>Jobs that start or run, the mean.</summary>
    public required IReadOnlyList<double> Running { get; init; }

    /// <summary>How long the job that waited longest had waited, in seconds; 0 if none waited.</summary>
    public required IReadOnlyList<double> Wait { get; init; }

    /// <summary>Whether a sample had more jobs than were counted.</summary>
    public required bool IsCut { get; init; }

    public static QueueSeries Of(string name, IReadOnlyList<QueueDepthPoint> points) => new()
    {
        Name = name,
        At = [.. points.Select(point => point.At.ToUnixTimeMilliseconds())],
        Waiting = [.. points.Select(point => Short(point.Mean.Waiting))],
        Running = [.. points.Select(point => Short(point.Mean.Starting + point.Mean.Running))],
        Wait = [.. points.Select(point => Math.Round(point.LongestWait?.TotalSeconds ?? 0))],
        IsCut = points.Any(point => point.IsCut),
    };

    internal static double Short(double number) => Math.Round(number, 2);
}

/// <summary>A compute environment over a span; null for what no sample of a part says.</summary>
internal sealed record FleetSeries
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The times.</summary>
    public required IReadOnlyList<long> At { get; init; }

    /// <summary>Instances.</summary>
    public required IReadOnlyList<double?> Instances { get; init; }

    /// <summary>vCPUs that Batch wants.</summary>
    public required IReadOnlyList<double?> Desired { get; init; }

    /// <summary>The most vCPUs.</summary>
    public required IReadOnlyList<double?> Most { get; init; }

    /// <summary>vCPUs of the instances.</summary>
    public required IReadOnlyList<double?> Vcpus { get; init; }

    /// <summary>vCPUs that jobs have.</summary>
    public required IReadOnlyList<double?> Busy { get; init; }

    public static FleetSeries Of(string name, IReadOnlyList<FleetPoint> points)
    {
        return new FleetSeries
        {
            Name = name,
            At = [.. points.Select(point => point.At.ToUnixTimeMilliseconds())],
            Instances = All(point => point.Instances),
            Desired = All(point => point.DesiredVCpus),
            Most = All(point => point.MaxVCpus),
            Vcpus = All(point => point.VCpus),
            Busy = All(point => point.BusyVCpus),
        };

        IReadOnlyList<double?> All(Func<FleetPoint, double?> of) =>
            [.. points.Select(point => of(point) is { } number ? QueueSeries.Short(number) : (double?)null)];
    }
}

// A point that says nothing keeps its place.
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SeriesPage))]
internal sealed partial class SeriesJson : JsonSerializerContext;
