namespace Refrag.History;

/// <summary>Removes the oldest rows of a table, with those of other tables that belong to them.</summary>
internal sealed class OldRows(HistorySql sql)
{
    /// <summary>The table of jobs.</summary>
    public const string Jobs = "jobs";

    /// <summary>The tables of samples.</summary>
    public static readonly string[] Samples = ["queue_samples", "fleet_samples", "prices"];

    /// <summary>All tables whose rows have a time.</summary>
    public static IEnumerable<string> All => [Jobs, .. Samples];

    public HistorySql Sql => sql;

    /// <summary>The time of the oldest row; null if there is none.</summary>
    public long? Oldest(long place, string table) =>
        sql.Number($"SELECT MIN({(table == Jobs ? "seen_at" : "at")}) FROM {table} WHERE place = $place", ("$place", place));

    /// <summary>Removes the oldest rows of a place.</summary>
    /// <param name="place">The number of the place.</param>
    /// <param name="table">The table.</param>
    /// <param name="before">Only rows of before this time.</param>
    /// <param name="most">The most rows. Samples of one moment are removed together, and a few more may go.</param>
    /// <returns>How many rows of the table were removed.</returns>
    public int Remove(long place, string table, long before, long most)
    {
        if (most <= 0) return 0;
        return table == Jobs ? RemoveJobs(place, before, most) : RemoveSamples(place, table, before, most);
    }

    // Attempts first: their jobs say which they are.
    private int RemoveJobs(long place, long before, long most)
    {
        const string Surplus = "SELECT id FROM jobs WHERE place = $place AND seen_at < $before ORDER BY seen_at, id LIMIT $most";
        (string, object?)[] values = [("$place", place), ("$before", before), ("$most", most)];
        sql.Run($"DELETE FROM attempts WHERE place = $place AND job IN ({Surplus})", values);
        return sql.Run($"DELETE FROM jobs WHERE place = $place AND id IN ({Surplus})", values);
    }

    private int RemoveSamples(long place, string table, long before, long most)
    {
        long? last = sql.Number(
            $"SELECT MAX(at) FROM (SELECT at FROM {table} WHERE place = $place AND at < $before ORDER BY at LIMIT $most)",
            ("$place", place), ("$before", before), ("$most", most));
        if (last is null) return 0;
        (string, object?)[] values = [("$place", place), ("$last", last)];
        if (table == "fleet_samples") sql.Run("DELETE FROM fleet_instances WHERE place = $place AND at <= $last", values);
        return sql.Run($"DELETE FROM {table} WHERE place = $place AND at <= $last", values);
    }
}
