using Microsoft.Data.Sqlite;

namespace Refrag.History;

/// <summary>How long and how much the history keeps.</summary>
public sealed record HistoryLimits
{
    /// <summary>No limits.</summary>
    public static HistoryLimits None { get; } = new() { Age = TimeSpan.MaxValue, Jobs = long.MaxValue };

    /// <summary>A job that was not seen for longer is removed. Default: 400 days, more than a year of bills.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(400);

    /// <summary>Of more jobs those are removed that were not seen for longest. Default: 250,000, about 220 MB.</summary>
    public long Jobs { get; init; } = 250_000;
}

/// <summary>
/// Removes what is beyond the limits, as part of a write and so never beside that of another process. The room of what is removed is used
/// for what comes; the file does not become smaller.
/// </summary>
internal static class HistoryRetention
{
    private const string TooOld = "SELECT place, id FROM jobs WHERE seen_at < $oldest";
    private const string TooMany = "SELECT place, id FROM jobs ORDER BY seen_at, place, id LIMIT $surplus";

    public static void Apply(SqliteConnection connection, HistoryLimits limits, DateTimeOffset now)
    {
        if (limits.Age < now - DateTimeOffset.UnixEpoch) Remove(connection, TooOld, "$oldest", (now - limits.Age).ToUnixTimeMilliseconds());
        using SqliteCommand count = connection.CreateCommand();
        count.CommandText = "SELECT COUNT(*) FROM jobs";
        long surplus = (long)count.ExecuteScalar()! - limits.Jobs;
        if (surplus > 0) Remove(connection, TooMany, "$surplus", surplus);
    }

    // Attempts first: their jobs say which they are.
    private static void Remove(SqliteConnection connection, string which, string name, long value)
    {
        foreach (string sql in (string[])[$"DELETE FROM attempts WHERE (place, job) IN ({which})",
            $"DELETE FROM jobs WHERE (place, id) IN ({which})"])
        {
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's own; values are parameters.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.Parameters.AddWithValue(name, value);
            command.ExecuteNonQuery();
        }
    }
}
