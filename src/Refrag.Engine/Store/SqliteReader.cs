using System.Globalization;
using Microsoft.Data.Sqlite;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>Reads on one connection, by one thread at a time.</summary>
internal sealed class SqliteReader(SqliteConnection connection, DefinitionTable definitions) : IDisposable
{
    private const string Columns = "seq, id, kind, queue, definition, status, created_at, request, life";

    /// <summary>What must be in memory.</summary>
    public StoredState Load()
    {
        // Not whether the tables were there: the process may have died between making them and its first commit.
        bool isNew = !Rows("SELECT 1 FROM resources UNION ALL SELECT 1 FROM jobs LIMIT 1", reader => reader.GetInt32(0)).Any();
        List<(string Kind, string Name, string Body)> resources = [];
        foreach (var row in Rows("SELECT kind, name, body FROM resources ORDER BY kind, name", Resource))
        {
            if (row.Kind != ResourceKinds.JobDefinition) resources.Add(row);
            else if (Attempt(() => definitions.Restore(row.Body)) is not null) resources.Add(row);
        }
        List<Job> jobs = [];
        List<(Job Job, Exception Fault)> damaged = [];
        foreach (JobRow row in Rows($"SELECT {Columns} FROM jobs WHERE ended_at IS NULL ORDER BY seq", Row))
        {
            if (Attempt(() => jobs.AddRange([.. WithChildren(row.ToJob(definitions))])) is { } fault)
                damaged.Add((row.ToDamagedJob(fault, definitions.Arns), fault));
        }
        return new StoredState
        {
            IsNew = isNew,
            Resources = resources,
            Jobs = jobs,
            Damaged = damaged,
            Newest = Rows("SELECT MAX(MAX(created_at, COALESCE(ended_at, created_at))) FROM jobs",
                reader => reader.IsDBNull(0) ? (long?)null : reader.GetInt64(0)).First(),
            NextSequence = Rows("SELECT seq + places FROM jobs ORDER BY seq DESC LIMIT 1", reader => reader.GetInt64(0)).FirstOrDefault(),
        };
    }

    /// <summary>A submission or a child.</summary>
    public Job? Find(string id)
    {
        string submission = JobIds.Submission(id);
        Job? job = Rows($"SELECT {Columns} FROM jobs WHERE id = $id", Job, ("$id", submission)).FirstOrDefault();
        if (job is null || submission == id) return job;
        return int.TryParse(id.AsSpan(submission.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            && job.IsArrayParent && index < job.Plan.ArraySize
            ? Child(job, index, Rows(
                "SELECT status, life FROM children WHERE parent = $parent AND idx = $idx",
                row => ((string, string)?)(row.GetString(0), row.GetString(1)),
                ("$parent", job.Sequence), ("$idx", index)).FirstOrDefault())
            : null;
    }

    /// <summary>The children of an array from an index on.</summary>
    public IReadOnlyList<Job> Children(string arrayId, int from) =>
        Find(arrayId) is { IsArrayParent: true } parent ? [.. Children(parent).Skip(from)] : [];

    /// <summary>Ended submissions.</summary>
    public IReadOnlyList<Job> Ended(EndedQuery query)
    {
        var text = new SqliteQuery(query);
        return [.. Rows($"SELECT {Columns} FROM jobs {text.Sql}", Job, [.. text.Parameters])
            .Where(job => JobMatch.Matches(job, query)).Take(query.Most)];
    }

    /// <summary>Everything, line by line.</summary>
    public IEnumerable<StoredLine> Lines()
    {
        foreach (var (kind, name, body) in Rows("SELECT kind, name, body FROM resources ORDER BY kind, name", Resource))
            yield return StoredLine.Resource(kind, name, body);
        foreach (JobRow row in Rows($"SELECT {Columns} FROM jobs ORDER BY seq", Row))
        {
            yield return StoredLine.Job(row);
            foreach (StoredLine child in Rows(
                "SELECT idx, status, life FROM children WHERE parent = $parent ORDER BY idx",
                reader => StoredLine.Child(row.Id, reader.GetInt32(0), reader.GetString(1), reader.GetString(2)),
                ("$parent", row.Sequence)))
                yield return child;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private static (string Kind, string Name, string Body) Resource(SqliteDataReader row) =>
        (row.GetString(0), row.GetString(1), row.GetString(2));

    private static JobRow Row(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), (JobKind)row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt64(6),
        row.GetString(7), row.GetString(8));

    // A damaged record is one failed job, and not the end of every listing that meets it.
    private Job Job(SqliteDataReader reader)
    {
        JobRow row = Row(reader);
        Job? job = null;
        if (Attempt(() => job = row.ToJob(definitions)) is { } fault) return row.ToDamagedJob(fault, definitions.Arns);
        // An array that could not be restored was one failed job then, and its children were not counted.
        return job is { IsArrayParent: true, ChildCounts: null } && job.State.IsFinal()
            ? job with { ChildCounts = Children(job).CountBy(child => child.State).ToDictionary() }
            : job!;
    }

    // What keeps a record from being read; null if it can be. A database that cannot be read is another matter.
    private static Exception? Attempt(Action read)
    {
        try
        {
            read();
            return null;
        }
#pragma warning disable CA1031 // A record can be damaged in any way.
        catch (Exception e) when (e is not SqliteException)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    private IEnumerable<Job> WithChildren(Job job) => job.IsArrayParent ? [job, .. Children(job)] : [job];

    private IEnumerable<Job> Children(Job parent)
    {
        var stored = Rows(
            "SELECT idx, status, life FROM children WHERE parent = $parent", row => (row.GetInt32(0), (row.GetString(1), row.GetString(2))),
            ("$parent", parent.Sequence))
            .ToDictionary(row => row.Item1, row => row.Item2);
        return Enumerable.Range(0, parent.Plan.ArraySize ?? 0)
            .Select(index => Child(parent, index, stored.TryGetValue(index, out var row) ? row : null));
    }

    private static Job Child(Job parent, int index, (string Status, string Life)? stored) =>
        parent.State.IsFinal() ? JobRow.ToEndedChild(parent, index, stored) : JobRow.ToChild(parent, index, stored);

    private IEnumerable<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, params (string Name, object Value)[] parameters)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this library's own; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read()) yield return read(reader);
    }
}
