using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>
/// The state in SQLite: a write-ahead log, synced at every commit. One connection writes; each read takes one of its own from a pool, and
/// sees what was committed before it began.
/// </summary>
internal sealed class SqliteStore : IStateStore
{
    private readonly StateFolder _folder;
    private readonly SqliteConnection _connection;
    private readonly SqliteWriter _writer;
    private readonly Checkpoints _checkpoints;
    private readonly ConcurrentBag<SqliteReader> _readers = [];
    private DefinitionTable? _definitions;

    private SqliteStore(StateFolder folder, SqliteConnection connection)
    {
        (_folder, _connection) = (folder, connection);
        _writer = new SqliteWriter(connection);
        _checkpoints = new Checkpoints(connection, () => Connect(folder.Database, SqliteOpenMode.ReadWrite));
    }

    /// <inheritdoc/>
    public bool WaitsForDisk => true;

    /// <summary>
    /// Opens the state in a folder, made if there is none. Throws <see cref="EngineStateException"/> where it cannot be used.
    /// </summary>
    /// <param name="path">The folder.</param>
    /// <param name="time">The clock.</param>
    /// <param name="syncs">Whether a commit waits until the disk has it; without, it outlives this process but perhaps not a power
    /// failure.</param>
    public static SqliteStore Open(string path, TimeProvider time, bool syncs = true)
    {
        StateFolder folder = StateFolder.Acquire(path, time);
        SqliteConnection? connection = null;
        try
        {
            // SQLite gives the files beside it the mode of the database.
            PrivateFiles.Prepare(folder.Database);
            foreach (string beside in (string[])["-wal", "-shm"]) PrivateFiles.Restrict(folder.Database + beside);
            connection = Connect(folder.Database, SqliteOpenMode.ReadWriteCreate);
            SqliteSchema.Run(connection,
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = " + (syncs ? "FULL" : "OFF")
                    + "; PRAGMA cache_size = -16000;");
            SqliteSchema.Migrate(connection, time);
            return new SqliteStore(folder, connection);
        }
        catch (Exception e) when (e is SqliteException or EngineStateException or IOException or UnauthorizedAccessException)
        {
            connection?.Dispose();
            folder.Dispose();
            if (e is EngineStateException) throw;
            throw new EngineStateException(StateProblems.Unreadable(folder.Database, e), e);
        }
    }

    /// <inheritdoc/>
    public StoredState Load(DefinitionTable definitions)
    {
        _definitions = definitions;
        return Read(reader => reader.Load());
    }

    /// <inheritdoc/>
    public void Commit(Changes changes)
    {
        try
        {
            _writer.Commit(changes);
            _checkpoints.AfterCommit();
        }
        // A sync that failed is not among them: what the system then thinks is written may not be. (SQLite, "Result and Error Codes")
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_FULL
            || e.SqliteExtendedErrorCode is SQLitePCL.raw.SQLITE_IOERR_WRITE or SQLitePCL.raw.SQLITE_IOERR_SHMSIZE)
        {
            throw new NoRoomException(e);
        }
    }

    /// <summary>Lets something be written in parts, as one: all of it stays, or, where <paramref name="write"/> throws, nothing.</summary>
    /// <param name="write">Is given what writes a part.</param>
    public async Task TogetherAsync(Func<Action<Changes>, Task> write)
    {
        _writer.Begin();
        try
        {
            await write(_writer.Write);
            _writer.End();
            _checkpoints.AfterCommit();
        }
        catch
        {
            _writer.Undo();
            throw;
        }
    }

    /// <inheritdoc/>
    public Job? Find(string id) => Read(reader => reader.Find(id));

    /// <inheritdoc/>
    public IReadOnlyList<Job> Ended(EndedQuery query) => Read(reader => reader.Ended(query));

    /// <inheritdoc/>
    public IReadOnlyList<Job> Children(string arrayId, int from) => Read(reader => reader.Children(arrayId, from));

    /// <inheritdoc/>
    public IEnumerable<StoredLine> Lines()
    {
        using SqliteReader reader = NewReader();
        foreach (StoredLine line in reader.Lines()) yield return line;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_readers.TryTake(out SqliteReader? reader)) reader.Dispose();
        _writer.Dispose();
        _checkpoints.Dispose();
        _connection.Dispose();
        _folder.Dispose();
    }

    internal static SqliteConnection Connect(string file, SqliteOpenMode mode)
    {
        // Pooled connections would hold the files after this object's end.
        var text = new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false };
        var connection = new SqliteConnection(text.ToString());
        connection.Open();
        return connection;
    }

    private SqliteReader NewReader() =>
        new(Connect(_folder.Database, SqliteOpenMode.ReadOnly), _definitions ?? new DefinitionTable(LocalArns.Usual));

    private T Read<T>(Func<SqliteReader, T> read)
    {
        SqliteReader reader = _readers.TryTake(out SqliteReader? idle) ? idle : NewReader();
        try
        {
            return read(reader);
        }
        finally
        {
            _readers.Add(reader);
        }
    }
}
