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
internal sealed class HistoryRows(SqliteConnection connection)
{
    private const string JobColumns =
        "id, name, queue, status, platform, created_at, seen_at, nodes, milli_vcpus, memory_mib, gpus, architecture, tags";

    private const string AttemptColumns =
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

    private const string PutJob = $"""
        INSERT INTO jobs (place, {JobColumns})
        VALUES ($place, $id, $name, $queue, $status, $platform, $created, $seen, $nodes, $vcpus, $memory, $gpus, $architecture, $tags)
        ON CONFLICT (place, id) DO UPDATE SET
            queue = excluded.queue, status = excluded.status, seen_at = excluded.seen_at, tags = excluded.tags
        WHERE excluded.seen_at >= seen_at
        """;

    /// <summary>The number of a place; it is given one if it has none and <paramref name="makes"/>.</summary>
    public long? Place(JobPlace place, bool makes)
    {
        (string, object?)[] values = [("$endpoint", place.Endpoint), ("$account", place.Account), ("$region", place.Region)];
        if (makes) Run("INSERT OR IGNORE INTO places (endpoint, account, region) VALUES ($endpoint, $account, $region)", values);
        return Rows("SELECT id FROM places WHERE endpoint = $endpoint AND account = $account AND region = $region",
            row => (long?)row.GetInt64(0), values).FirstOrDefault();
    }

    public void Put(long place, RecordedJob job)
    {
        Run(PutJob,
            ("$place", place), ("$id", job.Id), ("$name", job.Name), ("$queue", job.Queue), ("$status", job.Status),
            ("$platform", (int)job.Platform), ("$created", job.CreatedAt?.ToUnixTimeMilliseconds()),
            ("$seen", job.SeenAt.ToUnixTimeMilliseconds()), ("$nodes", job.Needs.Nodes), ("$vcpus", job.Needs.Amount.MilliVCpus),
            ("$memory", job.Needs.Amount.MemoryMiB), ("$gpus", job.Needs.Amount.Gpus), ("$architecture", (int?)job.Needs.Architecture),
            ("$tags", JsonSerializer.Serialize(new Dictionary<string, string>(job.Tags), HistoryJson.Default.DictionaryStringString)));
        foreach (RecordedAttempt one in job.Attempts) Put(place, job.Id, one);
    }

    /// <summary>Jobs with their attempts; of one id, or of all since a time.</summary>
    public IReadOnlyList<RecordedJob> Jobs(long place, string? id, DateTimeOffset? since)
    {
        (string, object?)[] values = [("$place", place), ("$id", id), ("$since", since?.ToUnixTimeMilliseconds())];
        ILookup<string, RecordedAttempt> attempts = Rows(
            $"SELECT {AttemptColumns} FROM attempts WHERE place = $place AND ($id IS NULL OR job = $id) ORDER BY node, number", Attempt,
            values).ToLookup(one => one.Job, one => one.Attempt, StringComparer.Ordinal);
        return
        [
            .. Rows($"""
                SELECT {JobColumns} FROM jobs
                WHERE place = $place AND ($id IS NULL OR id = $id) AND ($since IS NULL OR created_at >= $since) ORDER BY created_at
                """, Job, values).Select(job => job with { Attempts = [.. attempts[job.Id]] }),
        ];
    }

    /// <summary>The ids of jobs that had not ended when they were last seen.</summary>
    public IReadOnlyList<string> Open(long place, DateTimeOffset seenSince, int most) =>
        Rows("""
            SELECT id FROM jobs WHERE place = $place AND status NOT IN ($succeeded, $failed) AND seen_at >= $since
            ORDER BY seen_at LIMIT $most
            """,
            row => row.GetString(0), ("$place", place), ("$succeeded", JobStatus.Succeeded), ("$failed", JobStatus.Failed),
            ("$since", seenSince.ToUnixTimeMilliseconds()), ("$most", most));

    /// <summary>The instance behind a container instance; null if it was never measured.</summary>
    public HostInstance? Host(long place, string arn) =>
        Rows("SELECT instance, type, zone, market FROM attempts WHERE place = $place AND host = $host AND instance IS NOT NULL LIMIT 1",
            row => new HostInstance(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3)),
            ("$place", place), ("$host", arn)).FirstOrDefault();

    private void Put(long place, string job, RecordedAttempt one) => Run(PutAttempt,
        ("$place", place), ("$job", job), ("$node", one.Node), ("$number", one.Number),
        ("$started", one.StartedAt.ToUnixTimeMilliseconds()), ("$stopped", one.StoppedAt?.ToUnixTimeMilliseconds()),
        ("$failed", one.HasFailed is { } failed ? failed ? 1 : 0 : null), ("$task", one.Task), ("$host", one.Host),
        ("$instance", one.Instance?.Id), ("$type", one.Instance?.Type), ("$zone", one.Instance?.Zone), ("$market", one.Instance?.Market),
        ("$spot", one.SpotUsd?.ToString(CultureInfo.InvariantCulture)));

    private static RecordedJob Job(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Name = row.GetString(1),
        Queue = row.GetString(2),
        Status = row.GetString(3),
        Platform = (HostPlatform)row.GetInt32(4),
        CreatedAt = Time(row, 5),
        SeenAt = Time(row, 6)!.Value,
        Needs = new Requirement
        {
            Nodes = row.GetInt32(7),
            Amount = new Amount(row.GetInt32(8), row.GetInt32(9), row.GetInt32(10)),
            Architecture = row.IsDBNull(11) ? null : (Architecture)row.GetInt32(11),
        },
        Tags = JsonSerializer.Deserialize(row.GetString(12), HistoryJson.Default.DictionaryStringString) ?? [],
    };

    private static (string Job, RecordedAttempt Attempt) Attempt(SqliteDataReader row) =>
        (row.GetString(0), new RecordedAttempt(row.GetInt32(1), row.GetInt32(2), Time(row, 3)!.Value)
        {
            StoppedAt = Time(row, 4),
            HasFailed = row.IsDBNull(5) ? null : row.GetInt32(5) != 0,
            Task = Text(row, 6),
            Host = Text(row, 7),
            Instance = Text(row, 8) is { } id ? new HostInstance(id, row.GetString(9), row.GetString(10), row.GetString(11)) : null,
            SpotUsd = Text(row, 12) is { } usd ? decimal.Parse(usd, CultureInfo.InvariantCulture) : null,
        });

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private void Run(string sql, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(sql, values);
        command.ExecuteNonQuery();
    }

    private List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(sql, values);
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> found = [];
        while (reader.Read()) found.Add(read(reader));
        return found;
    }

    private SqliteCommand Command(string sql, (string Name, object? Value)[] values)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's own; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object? value) in values) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        return command;
    }
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class HistoryJson : JsonSerializerContext;
