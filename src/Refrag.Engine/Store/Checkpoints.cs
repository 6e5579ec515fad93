using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Refrag.Engine.Store;

/// <summary>
/// Moves what was committed from the write-ahead log into the database, beside the commits instead of between them: a thread of its own
/// moves most of it, and the thread that commits only what came meanwhile. The second part is needed because SQLite begins its log anew
/// only when everything in it was moved, which a thread beside a busy writer never reaches. A move that fails, for want of room, say,
/// loses nothing: the log keeps what it has, and the next attempt comes later.
/// </summary>
internal sealed class Checkpoints : IDisposable
{
    private readonly SqliteConnection _writer;
    private readonly Func<SqliteConnection> _connect;
    private readonly int _pages;
    private Thread? _beside;
    private int _movedUpTo;

    /// <summary>Takes over from SQLite's own checkpoints, which the writer's thread would do whole.</summary>
    /// <param name="writer">The one connection that commits.</param>
    /// <param name="connect">Makes a connection to the same database that may write.</param>
    /// <param name="pages">Pages in the log that are worth moving. Of 4 KiB each, SQLite's own default is 1,000.</param>
    public Checkpoints(SqliteConnection writer, Func<SqliteConnection> connect, int pages = 4000)
    {
        (_writer, _connect, _pages) = (writer, connect, pages);
        SqliteSchema.Run(writer, "PRAGMA wal_autocheckpoint = 0;");
    }

    /// <summary>The pages written since the log was last moved whole.</summary>
    private int Pending => unchecked(Written() - _movedUpTo);

    /// <summary>To be called on the thread that commits, outside of a transaction.</summary>
    public void AfterCommit()
    {
        if (_beside is { IsAlive: true })
        {
            // A disk that takes less than is written: the writer waits for it, or the log would grow without end.
            if (Pending < 16 * _pages) return;
            _beside.Join();
        }
        if (_beside is null)
        {
            if (Pending < _pages) return;
            _beside = new Thread(MoveBeside) { IsBackground = true, Name = "refrag checkpoints" };
            _beside.Start();
            return;
        }
        _beside = null;
        Move(_writer);
        _movedUpTo = Written();
    }

    /// <inheritdoc/>
    public void Dispose() => _beside?.Join();

    private void MoveBeside()
    {
        try
        {
            using SqliteConnection connection = _connect();
            Move(connection);
        }
        catch (SqliteException)
        {
            // No room or no file descriptor: the writer's part then does it all, or the next attempt.
        }
    }

    private static void Move(SqliteConnection connection) =>
        _ = raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    private int Written()
    {
        _ = raw.sqlite3_db_status(_writer.Handle, raw.SQLITE_DBSTATUS_CACHE_WRITE, out int pages, out _, resetFlg: 0);
        return pages;
    }
}
