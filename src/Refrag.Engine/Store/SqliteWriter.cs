using System.Text.Json;
using Microsoft.Data.Sqlite;
using Refrag.Engine.Jobs;
using Refrag.Engine.Plans;

namespace Refrag.Engine.Store;

/// <summary>Writes commits. Each is one transaction; the statements are compiled once.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insertJob;
    private readonly SqliteCommand _updateJob;
    private readonly SqliteCommand _putChild;
    private readonly SqliteCommand _putConsumable;
    private readonly SqliteCommand _putResource;
    private readonly SqliteCommand _removeResource;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _insertJob = Command(
            """
            INSERT INTO jobs (seq, id, kind, name, queue, definition, share, status, places, created_at, ended_at, request, life)
            VALUES ($seq, $id, $kind, $name, $queue, $definition, $share, $status, $places, $created, $ended, $request, $life)
            """,
            "$seq", "$id", "$kind", "$name", "$queue", "$definition", "$share", "$status", "$places", "$created", "$ended", "$request", "$life");
        _updateJob = Command("UPDATE jobs SET status = $status, ended_at = $ended, life = $life WHERE seq = $seq", "$seq", "$status", "$ended", "$life");
        _putChild = Command("INSERT OR REPLACE INTO children (parent, idx, status, life) VALUES ($parent, $idx, $status, $life)", "$parent", "$idx", "$status", "$life");
        _putConsumable = Command("INSERT OR IGNORE INTO consumables (resource, seq) VALUES ($resource, $seq)", "$resource", "$seq");
        _putResource = Command("INSERT OR REPLACE INTO resources (kind, name, body) VALUES ($kind, $name, $body)", "$kind", "$name", "$body");
        _removeResource = Command("DELETE FROM resources WHERE kind = $kind AND name = $name", "$kind", "$name");
    }

    /// <summary>Writes everything, or throws and has written nothing.</summary>
    public void Commit(Changes changes)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction(deferred: false);
        foreach (SqliteCommand command in Commands) command.Transaction = transaction;
        foreach (ResourceChange change in changes.Resources) Write(change);
        foreach (JobChange change in changes.Jobs) Write(change);
        if (changes.ForgetBefore is { } time) Forget(time, transaction);
        transaction.Commit();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SqliteCommand command in Commands) command.Dispose();
    }

    private IEnumerable<SqliteCommand> Commands => [_insertJob, _updateJob, _putChild, _putConsumable, _putResource, _removeResource];

    private void Write(ResourceChange change)
    {
        if (change.Record is null) Run(_removeResource, change.Kind, change.Name);
        else Run(_putResource, change.Kind, change.Name, JsonSerializer.Serialize(change.Record, change.Json));
    }

    private void Write(JobChange change)
    {
        Job job = change.Job;
        string status = job.State.ToStatus();
        if (job.Index is { } index)
        {
            // The children follow their parent in the order of arrival.
            Run(_putChild, job.Sequence - 1 - index, index, status, JobRow.LifeOf(job));
            return;
        }
        object ended = job.State.IsFinal() ? job.StoppedAt ?? job.CreatedAt : DBNull.Value;
        if (!change.IsNew)
        {
            Run(_updateJob, job.Sequence, status, ended, JobRow.LifeOf(job));
            return;
        }
        JobPlan plan = job.Plan;
        Run(
            _insertJob, job.Sequence, job.Id, (int)plan.Kind, plan.Name, plan.Queue, plan.DefinitionName, (object?)plan.ShareIdentifier ?? DBNull.Value, status,
            JobRow.Places(job), job.CreatedAt, ended, JobRow.RequestOf(job), JobRow.LifeOf(job));
        foreach (string resource in plan.Consumables.Keys) Run(_putConsumable, resource, job.Sequence);
    }

    // What arrived after the time ends the search, so it costs what it finds.
    private void Forget(long time, SqliteTransaction transaction)
    {
        foreach (string sql in new[]
        {
            "DELETE FROM children WHERE parent IN (SELECT seq FROM jobs WHERE seq < $bound AND ended_at < $time)",
            "DELETE FROM consumables WHERE seq IN (SELECT seq FROM jobs WHERE seq < $bound AND ended_at < $time)",
            "DELETE FROM jobs WHERE seq < $bound AND ended_at < $time",
        })
        {
            using SqliteCommand command = _connection.CreateCommand();
            command.Transaction = transaction;
#pragma warning disable CA2100 // The texts are this file's own.
            command.CommandText = sql.Replace("$bound", "COALESCE((SELECT seq FROM jobs WHERE created_at >= $time ORDER BY seq LIMIT 1), 9223372036854775807)");
#pragma warning restore CA2100
            command.Parameters.AddWithValue("$time", time);
            command.ExecuteNonQuery();
        }
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
}
