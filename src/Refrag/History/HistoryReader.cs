using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Refrag.History;

/// <summary>
/// Reads what the history holds, by place and span. Series come in parts of equal length, no more than are asked for: their size depends
/// on the points and not on the span. A part without a sample has no point, so that a gap is seen as one. As the store, it never throws for
/// what is wrong with the file: there is nothing then, and the store has reported it.
/// </summary>
/// <param name="store">The history; not one that is closed while this is used.</param>
public sealed class HistoryReader(HistoryStore store)
{
    /// <summary>Longer than this between two samples is a gap.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromMinutes(15);

    /// <summary>The points of a series that are enough for most screens.</summary>
    public const int UsualPoints = 500;

    private const string InSpan = "place = $place AND at >= $from AND at < $to";

    /// <summary>The places that it knows, in the order of their names.</summary>
    public IReadOnlyList<JobPlace> Places() => store.Read<IReadOnlyList<JobPlace>>(sql =>
        sql.Rows("SELECT endpoint, account, region FROM places ORDER BY endpoint, account, region",
            row => new JobPlace(row.GetString(0), row.GetString(1), row.GetString(2))), []);

    /// <summary>What it holds of each place. Reads all samples: up to a second for a million.</summary>
    public IReadOnlyList<PlaceContents> Contents() => store.Read<IReadOnlyList<PlaceContents>>(
        sql => [.. Places().Select(place => HistoryContents.Of(sql, place))], []);

    /// <summary>When a queue of a place was last sampled; null if none was.</summary>
    public DateTimeOffset? NewestSample(JobPlace place) => Of(place, HistorySpan.Always, (sql, values) =>
        sql.Rows($"SELECT MAX(at) FROM queue_samples WHERE {InSpan}", row => HistorySql.Time(row, 0), values)) is [{ } newest]
            ? newest
            : null;

    /// <summary>
    /// The jobs whose life is partly in a span, the oldest first, with their attempts: submitted before its end, and not ended before its
    /// beginning. A job whose end was not seen counts until it was last seen.
    /// </summary>
    /// <param name="place">Where.</param>
    /// <param name="span">When.</param>
    /// <param name="most">The most jobs; the rest is asked for with <paramref name="after"/>.</param>
    /// <param name="queue">The name of a queue; null for all.</param>
    /// <param name="after">The last job of the page before; null for the first page.</param>
    public IReadOnlyList<RecordedJob> Jobs(
        JobPlace place, HistorySpan span, int most = int.MaxValue, string? queue = null, RecordedJob? after = null) =>
        Of(place, span, (sql, values) => HistoryJobs.Page(
            sql, [.. values, ("$queue", queue), ("$most", most), ("$created", HistoryJobs.Created(after)), ("$id", after?.Id)]));

    /// <summary>Jobs that were submitted in a span, not those that only ended in it, in the order of their submission.</summary>
    /// <param name="place">Where.</param>
    /// <param name="span">When.</param>
    /// <param name="most">The most jobs; at least 1.</param>
    public IReadOnlyList<RecordedJob> JobsSubmittedIn(JobPlace place, HistorySpan span, int most) =>
        Of(place, span, (sql, values) => HistoryJobs.Page(
            // Behind a job without a name at the span's start.
            sql, [.. values, ("$queue", null), ("$most", most), ("$created", span.From.ToUnixTimeMilliseconds()), ("$id", "")]));

    /// <summary>How many jobs queues had, in the order of time.</summary>
    /// <param name="place">Where.</param>
    /// <param name="span">When.</param>
    /// <param name="points">The most points of one queue; at least 1.</param>
    /// <param name="queue">The name of a queue; null for all.</param>
    public IReadOnlyList<QueueDepthPoint> QueueDepth(
        JobPlace place, HistorySpan span, int points = UsualPoints, string? queue = null) =>
        Of(place, span, (sql, values) => sql.Rows($"""
            SELECT queue, (at - $from) / $step AS part, COUNT(*),
                AVG(submitted), AVG(pending), AVG(runnable), AVG(starting), AVG(running),
                MAX(submitted), MAX(pending), MAX(runnable), MAX(starting), MAX(running), MAX(at - oldest_waiting), MAX(is_cut)
            FROM queue_samples WHERE {InSpan} AND ($name IS NULL OR queue = $name) GROUP BY queue, part ORDER BY part, queue
            """,
            row => new QueueDepthPoint(
                row.GetString(0), At(span, row.GetInt64(1), points), row.GetInt32(2), Counts(row, 3), Counts(row, 8),
                row.IsDBNull(13) ? null : TimeSpan.FromMilliseconds(Math.Max(0, row.GetInt64(13))), row.GetInt32(14) != 0),
            [.. values, ("$step", span.Step(points)), ("$name", queue)]));

    /// <summary>What compute environments had, in the order of time.</summary>
    /// <param name="place">Where.</param>
    /// <param name="span">When.</param>
    /// <param name="points">The most points of one environment; at least 1.</param>
    /// <param name="environment">The name of an environment; null for all.</param>
    public IReadOnlyList<FleetPoint> Fleet(
        JobPlace place, HistorySpan span, int points = UsualPoints, string? environment = null) =>
        Of(place, span, (sql, values) => sql.Rows($"""
            SELECT environment, (at - $from) / $step AS part, COUNT(*), AVG(min_vcpus), AVG(desired_vcpus), AVG(max_vcpus),
                AVG(instances), AVG(vcpus), AVG(busy_vcpus), AVG(gpus), AVG(busy_gpus)
            FROM fleet_samples WHERE {InSpan} AND ($name IS NULL OR environment = $name)
            GROUP BY environment, part ORDER BY part, environment
            """,
            row => new FleetPoint(row.GetString(0), At(span, row.GetInt64(1), points), row.GetInt32(2))
            {
                MinVCpus = Real(row, 3),
                DesiredVCpus = Real(row, 4),
                MaxVCpus = Real(row, 5),
                Instances = Real(row, 6),
                VCpus = Real(row, 7),
                BusyVCpus = Real(row, 8),
                Gpus = Real(row, 9),
                BusyGpus = Real(row, 10),
            },
            [.. values, ("$step", span.Step(points)), ("$name", environment)]));

    /// <summary>The instances of compute environments by type, zone and market, in the order of time.</summary>
    /// <param name="place">Where.</param>
    /// <param name="span">When.</param>
    /// <param name="points">The most parts; at least 1.</param>
    /// <param name="environment">The name of an environment; null for all.</param>
    public IReadOnlyList<InstancePoint> Instances(
        JobPlace place, HistorySpan span, int points = UsualPoints, string? environment = null) =>
        Of(place, span, (sql, values) => sql.Rows($"""
            SELECT i.environment, i.part, i.type, i.zone, i.market, 1.0 * i.total / s.samples
            FROM (SELECT environment, (at - $from) / $step AS part, type, zone, market, SUM(count) AS total
                FROM fleet_instances WHERE {InSpan} AND ($name IS NULL OR environment = $name)
                GROUP BY environment, part, type, zone, market) i
            JOIN (SELECT environment, (at - $from) / $step AS part, COUNT(*) AS samples
                FROM fleet_samples WHERE {InSpan} AND vcpus IS NOT NULL GROUP BY environment, part) s
                ON s.environment = i.environment AND s.part = i.part
            ORDER BY i.part, i.environment, i.type, i.zone, i.market
            """,
            row => new InstancePoint(
                row.GetString(0), At(span, row.GetInt64(1), points), row.GetString(2), row.GetString(3), row.GetString(4),
                row.GetDouble(5)),
            [.. values, ("$step", span.Step(points)), ("$name", environment)]));

    /// <summary>The prices that were seen, in the order of time. One that stays the same is kept once an hour.</summary>
    /// <param name="place">Where.</param>
    /// <param name="span">When.</param>
    /// <param name="type">An instance type; null for all.</param>
    public IReadOnlyList<SeenPrice> Prices(JobPlace place, HistorySpan span, string? type = null) =>
        Of(place, span, (sql, values) => sql.Rows($"""
            SELECT at, type, zone, market, usd FROM prices WHERE {InSpan} AND ($name IS NULL OR type = $name)
            ORDER BY at, type, zone, market
            """,
            row => new SeenPrice(HistorySql.Time(row, 0)!.Value, new PriceSample(
                row.GetString(1), row.GetString(2), row.GetString(3), decimal.Parse(row.GetString(4), CultureInfo.InvariantCulture))),
            [.. values, ("$name", type)]));

    /// <summary>The samples of queues as they were taken, in the order of time.</summary>
    public IReadOnlyList<SeenQueue> QueueSamples(JobPlace place, HistorySpan span) => Of(place, span, (sql, values) => sql.Rows($"""
        SELECT at, queue, submitted, pending, runnable, starting, running, oldest_waiting, is_cut
        FROM queue_samples WHERE {InSpan} ORDER BY at, queue
        """,
        row => new SeenQueue(HistorySql.Time(row, 0)!.Value, new QueueSample(
            row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5), row.GetInt32(6))
        {
            OldestWaiting = HistorySql.Time(row, 7),
            IsCut = row.GetInt32(8) != 0,
        }), values));

    /// <summary>The samples of compute environments as they were taken, in the order of time.</summary>
    public IReadOnlyList<SeenFleet> FleetSamples(JobPlace place, HistorySpan span) => Of(place, span, (sql, values) =>
    {
        ILookup<(long At, string Environment), InstanceCount> instances = sql.Rows(
            $"SELECT at, environment, type, zone, market, count FROM fleet_instances WHERE {InSpan} ORDER BY type, zone, market",
            row => (Key: (row.GetInt64(0), row.GetString(1)),
                Count: new InstanceCount(row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt32(5))),
            values).ToLookup(one => one.Key, one => one.Count);
        return sql.Rows($"""
            SELECT at, environment, kind, state, min_vcpus, desired_vcpus, max_vcpus, vcpus, busy_vcpus, gpus, busy_gpus
            FROM fleet_samples WHERE {InSpan} ORDER BY at, environment
            """,
            row => new SeenFleet(HistorySql.Time(row, 0)!.Value, new FleetSample(row.GetString(1), row.GetString(2), row.GetString(3))
            {
                MinVCpus = HistorySql.Whole(row, 4),
                DesiredVCpus = HistorySql.Whole(row, 5),
                MaxVCpus = HistorySql.Whole(row, 6),
                Hosts = row.IsDBNull(7) ? null : new FleetUse
                {
                    VCpus = row.GetDouble(7),
                    BusyVCpus = row.GetDouble(8),
                    Gpus = row.GetInt32(9),
                    BusyGpus = row.GetInt32(10),
                    Instances = [.. instances[(row.GetInt64(0), row.GetString(1))]],
                },
            }), values);
    });

    private IReadOnlyList<T> Of<T>(
        JobPlace place, HistorySpan span, Func<HistorySql, (string, object?)[], IReadOnlyList<T>> read) =>
        store.Read<IReadOnlyList<T>>(sql => new HistoryRows(sql).Place(place, makes: false) is { } number
            ? read(sql, [("$place", number), ("$from", span.Start), ("$to", span.End)])
            : [], []);

    private static DateTimeOffset At(HistorySpan span, long part, int points) =>
        DateTimeOffset.FromUnixTimeMilliseconds(span.Start + (part * span.Step(points)));

    private static QueueCounts Counts(SqliteDataReader row, int first) => new(
        row.GetDouble(first), row.GetDouble(first + 1), row.GetDouble(first + 2), row.GetDouble(first + 3), row.GetDouble(first + 4));

    private static double? Real(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
