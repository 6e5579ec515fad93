using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Data.Sqlite;
using Refrag.Aws.Batch;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.History;

/// <summary>Jobs and attempts as rows, on one connection.</summary>
internal sealed class HistoryRows(HistorySql sql)
{
    /// <summary>The columns that <see cref="Job"/> reads.</summary>
    public const string JobColumns =
        "id, name, queue, status, platform, created_at, seen_at, nodes, milli_vcpus, memory_mib, gpus, architecture, tags, "
        + "started_at, stopped_at, reason, share, priority, most_attempts, timeout_ms, depends";

    /// <summary>The columns that <see cref="Attempt"/> reads.</summary>
    public const string AttemptColumns =
        "job, node, number, started_at, stopped_at, failed, task, host, instance, type, zone, market, spot_usd";

    // What one process knows another may not: what is known already is never replaced by what is not.
    private const string PutAttempt = $"""
        INSERT INTO attempts (place, {AttemptColumns})
        VALUES ($place, $job, $node, $number, $started, $stopped, $failed, $task, $host, $instance, $type, $zone, $market, $spot)
        ON CONFLICT (place, job, node, number) DO UPDATE SET
            started_at = excluded.started_at, stopped_at = COALESCE(excluded.stopped_at, stopped_at),
            failed = COALESCE(excluded.failed, failed), task = COALESCE(excluded.task, task), host = COALESCE(excluded.host, host),
            instance = COALESCE(instance, excluded.instance), type = COALESCE(type, excluded.type),
            zone = COALESCE(zone, excluded.zone), market = COALESCE(market, excluded.market),
            spot_usd = COALESCE(spot_usd, excluded.spot_usd)
        """;

    // Answers may be written in another order than they were given: of two the later counts, but a job that has ended never begins again.
    private const string PutJob = $"""
        INSERT INTO jobs (place, {JobColumns})
        VALUES ($place, $id, $name, $queue, $status, $platform, $created, $seen, $nodes, $vcpus, $memory, $gpus, $architecture, $tags,
            $started, $stopped, $reason, $share, $priority, $most, $timeout, $depends)
        ON CONFLICT (place, id) DO UPDATE SET
            queue = excluded.queue, status = excluded.status, seen_at = MAX(seen_at, excluded.seen_at), tags = excluded.tags,
            started_at = COALESCE(excluded.started_at, started_at), stopped_at = excluded.stopped_at, reason = excluded.reason,
            share = COALESCE(excluded.share, share), priority = COALESCE(excluded.priority, priority),
            most_attempts = COALESCE(excluded.most_attempts, most_attempts), timeout_ms = COALESCE(excluded.timeout_ms, timeout_ms),
            depends = COALESCE(excluded.depends, depends)
        WHERE (excluded.status IN ($succeeded, $unsuccessful), excluded.seen_at) >= (status IN ($succeeded, $unsuccessful), seen_at)
        """;

    private const string EndAttempt = """
        UPDATE attempts SET stopped_at = $stopped, failed = $failed
        WHERE place = $place AND job = $id AND node = -1 AND started_at = $started AND $stopped IS NOT NULL
            AND (SELECT nodes FROM jobs WHERE place = $place AND id = $id) = 1
        """;

    private const string AnyAttempt = "SELECT 1 FROM attempts WHERE place = $place AND job = $id LIMIT 1";

    private const string UpdateJob = """
        UPDATE jobs SET status = COALESCE($status, status), seen_at = MAX(seen_at, $seen), started_at = COALESCE($started, started_at),
            stopped_at = $stopped, reason = COALESCE($reason, reason)
        WHERE place = $place AND id = $id
            AND (COALESCE($status, status) IN ($succeeded, $unsuccessful), $seen) >= (status IN ($succeeded, $unsuccessful), seen_at)
        """;

    /// <summary>The number of a place; it is given one if it has none and <paramref name="makes"/>.</summary>
    public long? Place(JobPlace place, bool makes)
    {
        (string, object?)[] values = [("$endpoint", place.Endpoint), ("$account", place.Account), ("$region", place.Region)];
        if (makes) sql.Run("INSERT OR IGNORE INTO places (endpoint, account, region) VALUES ($endpoint, $account, $region)", values);
        return sql.Rows("SELECT id FROM places WHERE endpoint = $endpoint AND account = $account AND region = $region",
            row => (long?)row.GetInt64(0), values).FirstOrDefault();
    }

    /// <summary>Keeps a job; returns how many rows it takes.</summary>
    public int Put(long place, RecordedJob job)
    {
        sql.Run(PutJob,
            ("$place", place), ("$id", job.Id), ("$name", job.Name), ("$queue", job.Queue), ("$status", job.Status),
            ("$platform", (int)job.Platform), ("$created", job.CreatedAt?.ToUnixTimeMilliseconds()),
            ("$seen", job.SeenAt.ToUnixTimeMilliseconds()), ("$nodes", job.Needs.Nodes), ("$vcpus", job.Needs.Amount.MilliVCpus),
            ("$memory", job.Needs.Amount.MemoryMiB), ("$gpus", job.Needs.Amount.Gpus), ("$architecture", (int?)job.Needs.Architecture),
            ("$tags", JsonSerializer.Serialize(new Dictionary<string, string>(job.Tags), HistoryTags.Default.DictionaryStringString)),
            ("$started", job.StartedAt?.ToUnixTimeMilliseconds()), ("$stopped", job.StoppedAt?.ToUnixTimeMilliseconds()),
            ("$reason", job.Reason), ("$share", job.Share), ("$priority", job.Priority), ("$most", job.MostAttempts),
            ("$timeout", (long?)job.Timeout?.TotalMilliseconds), ("$depends", job.HasDependencies is { } depends ? depends ? 1 : 0 : null),
            ("$succeeded", JobStatus.Succeeded), ("$unsuccessful", JobStatus.Failed));
        foreach (RecordedAttempt one in job.Attempts) Put(place, job.Id, one);
        return 1 + job.Attempts.Count;
    }

    /// <summary>
    /// Keeps what a list of jobs says of one that is known; nothing of one that is not. Its end only if it is that of the attempt that is
    /// known: of an attempt that was never seen a list says too little, and the job is asked for later.
    /// </summary>
    public int Update(long place, JobSummary job, DateTimeOffset at)
    {
        bool hasEnded = job.Status is JobStatus.Succeeded or JobStatus.Failed;
        (string, object?)[] values =
        [
            ("$place", place), ("$id", job.JobId), ("$status", job.Status), ("$seen", at.ToUnixTimeMilliseconds()),
            ("$started", job.StartedAt is > 0 ? job.StartedAt : null), ("$stopped", hasEnded ? job.StoppedAt : null),
            ("$failed", job.Status == JobStatus.Failed ? 1 : 0), ("$reason", job.StatusReason),
            ("$succeeded", JobStatus.Succeeded), ("$unsuccessful", JobStatus.Failed),
        ];
        bool isKnownEnd = !hasEnded || sql.Run(EndAttempt, values) > 0
            || (job.StartedAt is not > 0 && sql.Number(AnyAttempt, values) is null);
        return isKnownEnd ? sql.Run(UpdateJob, values) : 0;
    }

    /// <summary>Jobs with their attempts; of one id, or of all since a time.</summary>
    public IReadOnlyList<RecordedJob> Jobs(long place, string? id, DateTimeOffset? since)
    {
        (string, object?)[] values = [("$place", place), ("$id", id), ("$since", since?.ToUnixTimeMilliseconds())];
        ILookup<string, RecordedAttempt> attempts = sql.Rows(
            $"SELECT {AttemptColumns} FROM attempts WHERE place = $place AND ($id IS NULL OR job = $id) ORDER BY node, number", Attempt,
            values).ToLookup(one => one.Job, one => one.Attempt, StringComparer.Ordinal);
        return
        [
            .. sql.Rows($"""
                SELECT {JobColumns} FROM jobs
                WHERE place = $place AND ($id IS NULL OR id = $id) AND ($since IS NULL OR created_at >= $since) ORDER BY created_at
                """, Job, values).Select(job => job with { Attempts = [.. attempts[job.Id]] }),
        ];
    }

    /// <summary>The ids of jobs that had not ended when they were last seen.</summary>
    public IReadOnlyList<string> Open(long place, DateTimeOffset seenSince, int most) =>
        sql.Rows("""
            SELECT id FROM jobs WHERE place = $place AND status NOT IN ($succeeded, $failed) AND seen_at >= $since
            ORDER BY seen_at LIMIT $most
            """,
            row => row.GetString(0), ("$place", place), ("$succeeded", JobStatus.Succeeded), ("$failed", JobStatus.Failed),
            ("$since", seenSince.ToUnixTimeMilliseconds()), ("$most", most));

    /// <summary>The instance behind a container instance; null if it was never measured.</summary>
    public HostInstance? Host(long place, string arn) =>
        sql.Rows("SELECT instance, type, zone, market FROM attempts WHERE place = $place AND host = $host AND instance IS NOT NULL LIMIT 1",
            row => new HostInstance(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)),
            ("$place", place), ("$host", arn)).FirstOrDefault();

    private void Put(long place, string job, RecordedAttempt one) => sql.Run(PutAttempt,
        ("$place", place), ("$job", job), ("$node", one.Node), ("$number", one.Number),
        ("$started", one.StartedAt.ToUnixTimeMilliseconds()), ("$stopped", one.StoppedAt?.ToUnixTimeMilliseconds()),
        ("$failed", one.HasFailed is { } failed ? failed ? 1 : 0 : null), ("$task", one.Task), ("$host", one.Host),
        ("$instance", one.Instance?.Id), ("$type", one.Instance?.Type), ("$zone", one.Instance?.Zone), ("$market", one.Instance?.Market),
        ("$spot", one.SpotUsd?.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A job without its attempts.</summary>
    public static RecordedJob Job(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Queue = row.GetString(2),
        Status = row.GetString(3),
        Platform = (HostPlatform)row.GetInt32(4),
        CreatedAt = HistorySql.Time(row, 5),
        SeenAt = HistorySql.Time(row, 6)!.Value,
        Needs = new Requirement
        {
            Nodes = row.GetInt32(7),
            Amount = new Amount(row.GetInt32(8), row.GetInt32(9), row.GetInt32(10)),
            Architecture = row.IsDBNull(11) ? null : (Architecture)row.GetInt32(11),
        },
        Tags = JsonSerializer.Deserialize(row.GetString(12), HistoryTags.Default.DictionaryStringString) ?? [],
        StartedAt = HistorySql.Time(row, 13),
        StoppedAt = HistorySql.Time(row, 14),
        Reason = HistorySql.Text(row, 15),
        Share = HistorySql.Text(row, 16),
        Priority = HistorySql.Whole(row, 17),
        MostAttempts = HistorySql.Whole(row, 18),
        Timeout = row.IsDBNull(19) ? null : TimeSpan.FromMilliseconds(row.GetInt64(19)),
        HasDependencies = row.IsDBNull(20) ? null : row.GetInt32(20) != 0,
    };

    /// <summary>An attempt, and the id of its job.</summary>
    public static (string Job, RecordedAttempt Attempt) Attempt(SqliteDataReader row) =>
        (row.GetString(0), new RecordedAttempt(row.GetInt32(1), row.GetInt32(2), HistorySql.Time(row, 3)!.Value)
        {
            StoppedAt = HistorySql.Time(row, 4),
            HasFailed = row.IsDBNull(5) ? null : row.GetInt32(5) != 0,
            Task = HistorySql.Text(row, 6),
            Host = HistorySql.Text(row, 7),
            Instance = HistorySql.Text(row, 8) is { } id
                ? new HostInstance(id, row.GetString(9), row.GetString(10), row.GetString(11))
                : null,
            SpotUsd = HistorySql.Text(row, 12) is { } usd ? decimal.Parse(usd, CultureInfo.InvariantCulture) : null,
        });

}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class HistoryTags : JsonSerializerContext;
