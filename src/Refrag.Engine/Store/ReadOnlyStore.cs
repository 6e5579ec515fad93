using Microsoft.Data.Sqlite;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>A state that is no longer written. What an engine would write to it is dropped.</summary>
internal sealed class ReadOnlyStore : IStateStore
{
    private readonly Lock _lock = new();
    private readonly SqliteConnection _connection;
    private SqliteReader _reader;

    /// <summary>Opens a database. Throws <see cref="SqliteException"/> where that cannot be done.</summary>
    public ReadOnlyStore(string database)
    {
        // There is no writer, so no lock is needed, and a folder that cannot be written to can be read. (SQLite, URI filenames: immutable)
        bool isWhole = !File.Exists(database + "-wal");
        string uri = $"file:{Uri.EscapeDataString(database).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1";
        _connection = SqliteStore.Connect(isWhole ? uri : database, SqliteOpenMode.ReadOnly);
        _reader = new SqliteReader(_connection, new DefinitionTable(LocalArns.Usual));
    }

    /// <summary>Whether it was written by the schema that is read here.</summary>
    public bool IsCurrent => SqliteSchema.IsCurrent(_connection);

    /// <inheritdoc/>
    public bool WaitsForDisk => false;

    /// <inheritdoc/>
    public StoredState Load(DefinitionTable definitions)
    {
        lock (_lock)
        {
            _reader = new SqliteReader(_connection, definitions);
            return _reader.Load();
        }
    }

    /// <inheritdoc/>
    public void Commit(Changes changes)
    {
        // An engine on an ended state has nothing of its own to say.
    }

    /// <inheritdoc/>
    public Job? Find(string id)
    {
        lock (_lock) return _reader.Find(id);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Job> Ended(EndedQuery query)
    {
        lock (_lock) return _reader.Ended(query);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Job> Children(string arrayId, int from)
    {
        lock (_lock) return _reader.Children(arrayId, from);
    }

    /// <inheritdoc/>
    public IEnumerable<StoredLine> Lines()
    {
        lock (_lock) return [.. _reader.Lines()];
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
