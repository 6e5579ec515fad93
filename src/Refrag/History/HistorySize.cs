using Microsoft.Data.Sqlite;

namespace Refrag.History;

/// <summary>
/// Keeps the file below a size. While more is in use, each write removes more rows than it adds, the oldest first, so that the size cannot
/// grow for long. Jobs have ids without an order: pages that they leave are free only when most of the rows on them are gone, and until
/// then new jobs take the room.
/// </summary>
internal static class HistorySize
{
    // For each row that is written.
    private const int RemovedPerRow = 4;
    private const int LeastRemoved = 50;

    /// <summary>The most rows that one write adds: of more it could not remove as many times as many.</summary>
    private const int MostWritten = HistoryRetention.MostAtOnce / RemovedPerRow;

    /// <summary>The bytes in use.</summary>
    public static long Of(HistorySql sql) => sql.Number("""
        SELECT (page_count - freelist_count) * page_size FROM pragma_page_count(), pragma_freelist_count(), pragma_page_size()
        """) ?? 0;

    /// <summary>Parts with no more rows each than one write adds; one that has more by itself is a part of its own.</summary>
    /// <param name="all">What is to be written.</param>
    /// <param name="rows">How many rows one takes.</param>
    public static IEnumerable<IReadOnlyList<T>> Parts<T>(IReadOnlyList<T> all, Func<T, int> rows)
    {
        List<T> part = [];
        int taken = 0;
        foreach (T one in all)
        {
            int more = rows(one);
            if (part.Count > 0 && taken + more > MostWritten)
            {
                yield return part;
                (part, taken) = ([], 0);
            }
            part.Add(one);
            taken += more;
        }
        if (part.Count > 0) yield return part;
    }

    /// <summary>Removes something if more is in use than may be. In the transaction of a write.</summary>
    /// <param name="sql">The file.</param>
    /// <param name="most">How many bytes may be in use.</param>
    /// <param name="written">How many rows the write has added.</param>
    public static void Make(HistorySql sql, long most, int written)
    {
        if (most == long.MaxValue || Of(sql) <= most) return;
        RemoveOldest(sql, Math.Clamp(written * RemovedPerRow, LeastRemoved, HistoryRetention.MostAtOnce));
    }

    /// <summary>
    /// Makes the file as small as what it holds, and removes until no more is in use than may be. In transactions of its own.
    /// </summary>
    public static void Fit(HistorySql sql, long most, Func<SqliteTransaction> begin)
    {
        sql.Run("VACUUM");
        // Pages are full now, so that the part of the rows is that of the bytes, about; the rest is for another round.
        while (Of(sql) is var used && used > most)
        {
            long surplus = Math.Max(LeastRemoved, (long)Math.Ceiling((double)Rows(sql) * (used - most) / used));
            for (long removed = 0; removed < surplus;)
            {
                using SqliteTransaction transaction = begin();
                int some = RemoveOldest(sql, (int)Math.Min(surplus - removed, HistoryRetention.MostAtOnce));
                if (some == 0) return;
                transaction.Commit();
                removed += some;
            }
            sql.Run("VACUUM");
        }
    }

    private static long Rows(HistorySql sql) =>
        OldRows.All.Sum(table => sql.Number($"SELECT COUNT(*) FROM {table}") ?? 0);

    private static int RemoveOldest(HistorySql sql, int most)
    {
        OldRows rows = new(sql);
        var oldest = sql.Rows("SELECT id, endpoint FROM places", row => (Id: row.GetInt64(0), IsAws: row.GetString(1) == JobPlace.Aws))
            .SelectMany(place => OldRows.All.Select(table => (place.Id, place.IsAws, Table: table, At: rows.Oldest(place.Id, table))))
            .Where(one => one.At is not null).OrderBy(one => one.IsAws).ThenBy(one => one.At).FirstOrDefault();
        return oldest.Table is null ? 0 : rows.Remove(oldest.Id, oldest.Table, long.MaxValue, most);
    }
}
