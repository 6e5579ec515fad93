using Microsoft.Data.Sqlite;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>Writes commits. Each is one transaction; the statements are compiled once.</summary>
internal sealed class SqliteWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _rollback;
    private readonly SqliteStatement _insertJob;
    private readonly SqliteStatement _updateJob;
    private readonly SqliteStatement _putChild;
    private readonly SqliteStatement _putConsumable;
    private readonly SqliteStatement _putResource;
    private readonly SqliteStatement _removeResource;

    public SqliteWriter(SqliteConnection connection)
    {
        _connection = connection;
        _begin = new(connection, "BEGIN IMMEDIATE");
        _commit = new(connection, "COMMIT");
        _rollback = new(connection, "ROLLBACK");
        _insertJob = new(
            connection,
            """
            INSERT INTO jobs (seq, id, kind, name, queue, definition, share, status, places, created_at, ended_at, request, life)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """);
        _updateJob = new(connection, "UPDATE jobs SET status = ?, ended_at = ?, life = ? WHERE seq = ?");
        _putChild = new(connection, "INSERT OR REPLACE INTO children (parent, idx, status, life) VALUES (?, ?, ?, ?)");
        _putConsumable = new(connection, "INSERT OR IGNORE INTO consumables (resource, seq) VALUES (?, ?)");
        _putResource = new(connection, "INSERT OR REPLACE INTO resources (kind, name, body) VALUES (?, ?, ?)");
        _removeResource = new(connection, "DELETE FROM resources WHERE kind = ? AND name = ?");
    }

    /// <summary>Writes everything, or throws and has written nothing.</summary>
    public void Commit(Changes changes)
    {
        Begin();
        try
        {
            Write(changes);
            End();
        }
        catch
        {
            Undo();
            throw;
        }
    }

    /// <summary>Begins what is written as one, however many <see cref="Write(Changes)"/> there are.</summary>
    public void Begin() => _begin.Run();

    /// <summary>Writes between <see cref="Begin"/> and <see cref="End"/>.</summary>
    public void Write(Changes changes)
    {
        foreach (ResourceChange change in changes.Resources) Write(change);
        foreach (JobChange change in changes.Jobs) Write(change);
        if (changes.ForgetBefore is { } time) Forget(time);
    }

    /// <summary>What was written since <see cref="Begin"/> stays.</summary>
    public void End() => _commit.Run();

    /// <summary>Nothing of what was written since <see cref="Begin"/> stays.</summary>
    public void Undo()
    {
        // Some failures have rolled back already. (SQLite, "Response To Errors Within A Transaction")
        if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle!) == 0) _rollback.Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SqliteStatement one
            in (SqliteStatement[])[_begin, _commit, _rollback, _insertJob, _updateJob, _putChild, _putConsumable, _putResource,
                _removeResource]) one.Dispose();
    }

    private void Write(ResourceChange change)
    {
        if (change.Record is null) _removeResource.Text(change.Kind).Text(change.Name).Run();
        else _putResource.Text(change.Kind).Text(change.Name).Json(change.Record, change.Json).Run();
    }

    private void Write(JobChange change)
    {
        Job job = change.Job;
        string status = job.State.ToStatus();
        var life = JobLife.Of(job);
        // The children follow their parent in the order of arrival.
        if (job.Index is { } index)
            _putChild.Number(job.Sequence - 1 - index).Number(index).Text(status).Json(life, StateJson.Default.JobLife).Run();
        else if (change.IsNew) Insert(job, status, life);
        else _updateJob.Text(status).Number(EndOf(job)).Json(life, StateJson.Default.JobLife).Number(job.Sequence).Run();
    }

    private void Insert(Job job, string status, JobLife life)
    {
        JobPlan plan = job.Plan;
        _insertJob.Number(job.Sequence)
            .Text(job.Id).Number((int)plan.Kind).Text(plan.Name).Text(plan.Queue).Text(plan.DefinitionName).Text(plan.ShareIdentifier)
            .Text(status).Number(JobRow.Places(job)).Number(job.CreatedAt).Number(EndOf(job));
        if (plan.Packed is { } json) _insertJob.Utf8(json);
        else _insertJob.Json(JobRow.RequestOf(job), JobRow.RequestJson(job));
        _insertJob.Json(life, StateJson.Default.JobLife).Run();
        foreach (string resource in plan.Consumables.Keys) _putConsumable.Text(resource).Number(job.Sequence).Run();
    }

    private static long? EndOf(Job job) => job.State.IsFinal() ? job.StoppedAt ?? job.CreatedAt : null;

    // What arrived after the time ends the search, so it costs what it finds.
    private void Forget(long time)
    {
        foreach (string sql in new[]
        {
            "DELETE FROM children WHERE parent IN (SELECT seq FROM jobs WHERE seq < $bound AND ended_at < $time)",
            "DELETE FROM consumables WHERE seq IN (SELECT seq FROM jobs WHERE seq < $bound AND ended_at < $time)",
            "DELETE FROM jobs WHERE seq < $bound AND ended_at < $time",
        })
        {
            using SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's own.
            command.CommandText =
                sql.Replace(
                    "$bound", "COALESCE((SELECT seq FROM jobs WHERE created_at >= $time ORDER BY seq LIMIT 1), 9223372036854775807)");
#pragma warning restore CA2100
            command.Parameters.AddWithValue("$time", time);
            command.ExecuteNonQuery();
        }
    }
}
