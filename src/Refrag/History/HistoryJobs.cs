namespace Refrag.History;

/// <summary>The jobs of a span, a page at a time.</summary>
internal static class HistoryJobs
{
    // By submission and id: a page ends at a job, and the next begins behind it, whatever is written meanwhile.
    private const string Wanted = """
        FROM jobs WHERE place = $place AND COALESCE(created_at, seen_at) < $to AND COALESCE(stopped_at, seen_at) >= $from
            AND ($queue IS NULL OR queue = $queue)
            AND ($id IS NULL OR (COALESCE(created_at, seen_at), id) > ($created, $id))
        ORDER BY COALESCE(created_at, seen_at), id LIMIT $most
        """;

    public static IReadOnlyList<RecordedJob> Page(HistorySql sql, (string, object?)[] values)
    {
        ILookup<string, RecordedAttempt> attempts = sql.Rows(
            $"SELECT {HistoryRows.AttemptColumns} FROM attempts WHERE place = $place AND job IN (SELECT id {Wanted}) ORDER BY node, number",
            HistoryRows.Attempt, values).ToLookup(one => one.Job, one => one.Attempt, StringComparer.Ordinal);
        return
        [
            .. sql.Rows($"SELECT {HistoryRows.JobColumns} {Wanted}", HistoryRows.Job, values)
                .Select(job => job with { Attempts = [.. attempts[job.Id]] }),
        ];
    }

    /// <summary>What a job is ordered by.</summary>
    public static long? Created(RecordedJob? job) => (job?.CreatedAt ?? job?.SeenAt)?.ToUnixTimeMilliseconds();
}
