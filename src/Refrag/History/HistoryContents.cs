namespace Refrag.History;

/// <summary>Counts what the history holds of a place.</summary>
internal static class HistoryContents
{
    public static PlaceContents Of(HistorySql sql, JobPlace place)
    {
        (string, object?)[] number = [("$place", new HistoryRows(sql).Place(place, makes: false))];
        long Count(string table) => sql.Number($"SELECT COUNT(*) FROM {table} WHERE place = $place", number) ?? 0;
        DateTimeOffset? Time(string value, string table) =>
            sql.Number($"SELECT {value} FROM {table} WHERE place = $place", number) is { } at
                ? DateTimeOffset.FromUnixTimeMilliseconds(at)
                : null;
        (int gaps, TimeSpan total, TimeSpan longest) = Gaps(sql, number);
        return new PlaceContents(place)
        {
            Jobs = Count("jobs"),
            Attempts = Count("attempts"),
            FirstJob = Time("MIN(created_at)", "jobs"),
            LastJob = Time("MAX(seen_at)", "jobs"),
            QueueSamples = Count("queue_samples"),
            FleetSamples = Count("fleet_samples"),
            Prices = Count("prices"),
            FirstSample = Time("MIN(at)", "queue_samples"),
            NewestSample = Time("MAX(at)", "queue_samples"),
            Gaps = gaps,
            GapTime = total,
            LongestGap = longest,
        };
    }

    private static (int Gaps, TimeSpan Total, TimeSpan Longest) Gaps(HistorySql sql, (string, object?)[] number) => sql.Rows("""
        SELECT COUNT(*), COALESCE(SUM(gap), 0), COALESCE(MAX(gap), 0) FROM (
            SELECT at - LAG(at) OVER (ORDER BY at) AS gap FROM queue_samples WHERE place = $place GROUP BY at)
        WHERE gap > $gap
        """,
        row => (row.GetInt32(0), TimeSpan.FromMilliseconds(row.GetInt64(1)), TimeSpan.FromMilliseconds(row.GetInt64(2))),
        [.. number, ("$gap", (long)HistoryReader.Gap.TotalMilliseconds)])[0];
}
