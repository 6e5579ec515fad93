using Microsoft.Data.Sqlite;

namespace Refrag.History;

/// <summary>How long and how much the history keeps of each place.</summary>
public sealed record HistoryLimits
{
    /// <summary>No limits.</summary>
    public static HistoryLimits None { get; } = new() { Age = TimeSpan.MaxValue, Jobs = long.MaxValue };

    /// <summary>
    /// A job that was seen earlier than this before the newest one of its place is removed. Default: 400 days, more than a year of bills.
    /// </summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(400);

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
    private const string Begun = """
        INSERT OR REPLACE INTO removals (place, begun_at, newest, is_done)
        SELECT $place, $now, COALESCE(MIN($now, (SELECT MAX(seen_at) FROM jobs WHERE place = $place)), 0), 0
        WHERE NOT EXISTS (SELECT 1 FROM removals WHERE place = $place AND ABS($now - begun_at) < $between)
        """;

    private const string Surplus =
        "SELECT id FROM jobs WHERE place = $place AND seen_at < $before ORDER BY seen_at, id LIMIT $most";

    /// <summary>Begins a round if the last one began a day ago. Before the jobs are written.</summary>
    public void Begin(DateTimeOffset now)
    {
        if (limits != HistoryLimits.None) Run(Begun, ("$now", now.ToUnixTimeMilliseconds()), ("$between", BetweenRounds));
    }

    /// <summary>Removes what the round has still to remove, as much as one write may. After the jobs are written.</summary>
    public void Remove()
    {
        if (limits == HistoryLimits.None
            || Find("SELECT newest FROM removals WHERE place = $place AND is_done = 0") is not { } newest) return;
        long removed = Remove(newest - (long)limits.Age.TotalMilliseconds, MostAtOnce);
        long surplus = (Find("SELECT COUNT(*) FROM jobs WHERE place = $place") ?? 0) - limits.Jobs;
        if (surplus > 0) removed += Remove(long.MaxValue, Math.Min(surplus, MostAtOnce - removed));
        if (removed < MostAtOnce) Run("UPDATE removals SET is_done = 1 WHERE place = $place");
    }

    // Attempts first: their jobs say which they are.
    private int Remove(long before, long most)
    {
        Run($"DELETE FROM attempts WHERE place = $place AND job IN ({Surplus})", ("$before", before), ("$most", most));
        return Run($"DELETE FROM jobs WHERE place = $place AND id IN ({Surplus})", ("$before", before), ("$most", most));
    }

    private int Run(string sql, params (string Name, long Value)[] values)
    {
        using SqliteCommand command = Command(sql, values);
        return command.ExecuteNonQuery();
    }

    private long? Find(string sql)
    {
        using SqliteCommand command = Command(sql, []);
        return (long?)command.ExecuteScalar();
    }

    private SqliteCommand Command(string sql, (string Name, long Value)[] values)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's own; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$place", place);
        foreach ((string name, long value) in values) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
