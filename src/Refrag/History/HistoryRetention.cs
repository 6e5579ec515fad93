using Microsoft.Data.Sqlite;

namespace Refrag.History;

/// <summary>How long and how much the history keeps.</summary>
public sealed record HistoryLimits
{
    /// <summary>No limits.</summary>
    public static HistoryLimits None { get; } = new()
    {
        Age = TimeSpan.MaxValue,
        SampleAge = TimeSpan.MaxValue,
        Jobs = long.MaxValue,
        Bytes = long.MaxValue,
    };

    /// <summary>
    /// A job that was seen earlier than this before the newest one of its place is removed. Default: 400 days, more than a year of bills.
    /// </summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(400);

    /// <summary>
    /// A sample of a queue or fleet, or a price, that was taken earlier than this before the newest one of its place is removed. Default:
    /// 90 days, in which a queue and its environment take about 40 MB.
    /// </summary>
    public TimeSpan SampleAge { get; init; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How many bytes the file may have in use. If it has more, what is oldest is removed: first of places that are not AWS, which can be
    /// rehearsed again. Default: 1 GiB.
    /// </summary>
    public long Bytes { get; init; } = 1L << 30;

    /// <summary>
    /// Of more jobs of a place those are removed that were not seen for longest. Default: 250,000, about 220 MB.
    /// </summary>
    public long Jobs { get; init; } = 250_000;
}

/// <summary>
/// Removes what is beyond the limits of one place, as part of a write and so never beside that of another process. A round begins at most
/// once a day, over all processes, and takes several writes if much is to be removed. The room of what is removed is used for what comes;
/// the file does not become smaller.
/// </summary>
/// <param name="connection">The file, in a transaction.</param>
/// <param name="limits">What is kept.</param>
/// <param name="place">The number of the place that is written.</param>
internal sealed class HistoryRetention(SqliteConnection connection, HistoryLimits limits, long place)
{
    /// <summary>The most jobs that one write removes: other processes wait for it.</summary>
    public const int MostAtOnce = 1000;

    private const long BetweenRounds = 24L * 60 * 60 * 1000;

    // Age counts from the newest job that stood there before the write, or from this clock if it is earlier: a clock that is years ahead,
    // as after a machine resumes, would make every job too old. A round keeps that time: the next write may have the wrong clock's time.
    private const string Round = """
        INSERT OR REPLACE INTO removals (place, begun_at, newest, is_done)
        SELECT $place, $now, COALESCE(MIN($now, (SELECT MAX(newest) FROM (
            SELECT MAX(seen_at) AS newest FROM jobs WHERE place = $place
            UNION ALL SELECT MAX(at) FROM queue_samples WHERE place = $place
            UNION ALL SELECT MAX(at) FROM fleet_samples WHERE place = $place))), 0), 0
        """;

    private const string IsDue = """

        WHERE NOT EXISTS (SELECT 1 FROM removals WHERE place = $place AND ABS($now - begun_at) < $between)
        """;

    private readonly OldRows _rows = new(new HistorySql(connection));

    /// <summary>Begins a round if the last one began a day ago. Before the jobs are written.</summary>
    public void Begin(DateTimeOffset now)
    {
        if (limits == HistoryLimits.None) return;
        _rows.Sql.Run(Round + IsDue, ("$place", place), ("$now", now.ToUnixTimeMilliseconds()), ("$between", BetweenRounds));
    }

    /// <summary>Removes what the round has still to remove, as much as one write may. After the jobs are written.</summary>
    public void Remove()
    {
        if (limits == HistoryLimits.None
            || Find("SELECT newest FROM removals WHERE place = $place AND is_done = 0") is not { } newest) return;
        long removed = RemoveJobs(newest);
        foreach (string table in OldRows.Samples)
            removed += _rows.Remove(place, table, newest - (long)limits.SampleAge.TotalMilliseconds, MostAtOnce - removed);
        if (removed < MostAtOnce) _rows.Sql.Run("UPDATE removals SET is_done = 1 WHERE place = $place", ("$place", place));
    }

    /// <summary>Removes as much as one write may, whenever the last round was; returns whether nothing is left to remove.</summary>
    public bool RemoveNow(DateTimeOffset now)
    {
        if (limits == HistoryLimits.None) return true;
        _rows.Sql.Run(Round, ("$place", place), ("$now", now.ToUnixTimeMilliseconds()));
        Remove();
        return Find("SELECT is_done FROM removals WHERE place = $place") == 1;
    }

    private long RemoveJobs(long newest)
    {
        long removed = _rows.Remove(place, OldRows.Jobs, newest - (long)limits.Age.TotalMilliseconds, MostAtOnce);
        long surplus = (Find("SELECT COUNT(*) FROM jobs WHERE place = $place") ?? 0) - limits.Jobs;
        return surplus > 0 ? removed + _rows.Remove(place, OldRows.Jobs, long.MaxValue, Math.Min(surplus, MostAtOnce - removed)) : removed;
    }

    private long? Find(string sql) => _rows.Sql.Number(sql, ("$place", place));
}
