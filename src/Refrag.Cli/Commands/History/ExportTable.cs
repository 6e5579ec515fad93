using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Refrag.History;
using Refrag.Traces;

namespace Refrag.Cli.Commands.History;

/// <summary>
/// A table of the export: the names of its columns, and the rows of a place. Values are texts, numbers, truth values or null.
/// </summary>
/// <param name="Name">How the user names it.</param>
/// <param name="Columns">The names of the columns behind those of the place.</param>
/// <param name="Rows">The rows.</param>
internal sealed record ExportTable(
    string Name, IReadOnlyList<string> Columns, Func<HistoryReader, JobPlace, HistorySpan, IEnumerable<object?[]>> Rows)
{
    // Of jobs a page is in memory, however many there are.
    private const int JobsAtOnce = 1000;

    private static readonly JsonWriterOptions s_line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly string[] s_place = ["endpoint", "account", "region"];

    /// <summary>All tables.</summary>
    public static IReadOnlyList<ExportTable> All { get; } =
    [
        new("jobs",
            [
                "job_id", "name", "queue", "status", "reason", "created_at", "started_at", "stopped_at", "seen_at", "vcpus", "memory_mib",
                "gpus", "nodes", "share", "priority", "most_attempts", "timeout_s", "attempts", "tags",
            ],
            static (reader, place, span) => Jobs(reader, place, span).Select(Job)),
        new("attempts",
            [
                "job_id", "node", "number", "started_at", "stopped_at", "failed", "instance", "type", "zone", "market", "spot_usd_per_hour",
            ],
            static (reader, place, span) => Jobs(reader, place, span).SelectMany(job => job.Attempts.Select(one => Attempt(job, one)))),
        new("queues",
            ["at", "queue", "submitted", "pending", "runnable", "starting", "running", "oldest_waiting", "is_cut"],
            static (reader, place, span) => reader.QueueSamples(place, span).Select(Queue)),
        new("fleets",
            [
                "at", "environment", "kind", "state", "min_vcpus", "desired_vcpus", "max_vcpus", "instances", "vcpus", "busy_vcpus", "gpus",
                "busy_gpus",
            ],
            static (reader, place, span) => reader.FleetSamples(place, span).Select(Fleet)),
        new("instances",
            ["at", "environment", "type", "zone", "market", "count"],
            static (reader, place, span) => reader.FleetSamples(place, span).SelectMany(one => (one.Sample.Hosts?.Instances ?? []).Select(
                object?[] (count) => [one.At, one.Sample.Environment, count.Type, count.Zone, count.Market, count.Count]))),
        new("prices",
            ["at", "type", "zone", "market", "usd_per_hour"],
            static (reader, place, span) => reader.Prices(place, span).Select(
                object?[] (one) => [one.At, one.Price.Type, one.Price.Zone, one.Price.Market, one.Price.Usd])),
    ];

    /// <summary>Writes the rows of places: with a header as CSV, or as an object a line.</summary>
    public void Write(HistoryReader reader, IReadOnlyList<JobPlace> places, HistorySpan span, TextWriter text, bool asJson)
    {
        string[] names = [.. s_place, .. Columns];
        // RFC 4180 in all but the ends of lines: what reads CSV takes LF too, and other tools of a shell want it.
        if (!asJson) text.Write(string.Join(',', names) + "\n");
        foreach (JobPlace place in places)
        {
            object?[] of = [place.Endpoint, place.Account, place.Region];
            foreach (object?[] row in Rows(reader, place, span))
            {
                object?[] values = [.. of, .. row];
                text.Write((asJson ? Json(names, values) : string.Join(',', values.Select(value => TraceWriter.Cell(Text(value))))) + "\n");
            }
        }
    }

    private static IEnumerable<RecordedJob> Jobs(HistoryReader reader, JobPlace place, HistorySpan span)
    {
        IReadOnlyList<RecordedJob> page = [];
        do
        {
            page = reader.Jobs(place, span, JobsAtOnce, after: page is [.., { } last] ? last : null);
            foreach (RecordedJob job in page) yield return job;
        }
        while (page.Count == JobsAtOnce);
    }

    private static object?[] Job(RecordedJob job) =>
    [
        job.Id, job.Name, job.Queue, job.Status, job.Reason, job.CreatedAt, job.StartedAt, job.StoppedAt, job.SeenAt,
        job.Needs.Amount.MilliVCpus / 1000m, job.Needs.Amount.MemoryMiB, job.Needs.Amount.Gpus, job.Needs.Nodes, job.Share, job.Priority,
        job.MostAttempts, (decimal?)job.Timeout?.TotalSeconds, job.OfJob.Count(), Tags(job.Tags),
    ];

    private static object?[] Attempt(RecordedJob job, RecordedAttempt one) =>
    [
        job.Id, one.Node == RecordedAttempt.WholeJob ? null : one.Node, one.Number, one.StartedAt, one.StoppedAt, one.HasFailed,
        one.Instance?.Id, one.Instance?.Type, one.Instance?.Zone, one.Instance?.Market, one.SpotUsd,
    ];

    private static object?[] Queue(SeenQueue one) =>
    [
        one.At, one.Sample.Queue, one.Sample.Submitted, one.Sample.Pending, one.Sample.Runnable, one.Sample.Starting, one.Sample.Running,
        one.Sample.OldestWaiting, one.Sample.IsCut,
    ];

    private static object?[] Fleet(SeenFleet one) =>
    [
        one.At, one.Sample.Environment, one.Sample.Kind, one.Sample.State, one.Sample.MinVCpus, one.Sample.DesiredVCpus,
        one.Sample.MaxVCpus, one.Sample.Hosts?.Instances.Sum(count => count.Count), (decimal?)one.Sample.Hosts?.VCpus,
        (decimal?)one.Sample.Hosts?.BusyVCpus, one.Sample.Hosts?.Gpus, one.Sample.Hosts?.BusyGpus,
    ];

    // One cell: as app=train;user=ada, in the order of the names.
    private static string Tags(IReadOnlyDictionary<string, string> tags) =>
        string.Join(';', tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));

    private static string? Text(object? value) => value switch
    {
        null => null,
        string text => text,
        bool truth => truth ? "true" : "false",
        DateTimeOffset at => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"A table has no {value.GetType().Name}."),
    };

    private static string Json(string[] names, object?[] values)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_line))
        {
            json.WriteStartObject();
            for (int i = 0; i < names.Length; i++) Write(json, names[i], values[i]);
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null: break;
            case bool truth: json.WriteBoolean(name, truth); break;
            case int number: json.WriteNumber(name, number); break;
            case decimal number: json.WriteNumber(name, number); break;
            default: json.WriteString(name, Text(value)); break;
        }
    }
}
