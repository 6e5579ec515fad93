using Microsoft.Data.Sqlite;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.Store;

/// <summary>The write-ahead log stays small under a writer that never rests, whoever moves it, and nothing of it is lost.</summary>
public sealed class CheckpointsTests : IDisposable
{
    private const int Pages = 20;
    private const int PageBytes = 4096;
    private const int Commits = 3000;
    private readonly string _folder = Directory.CreateTempSubdirectory("refrag-checkpoints-").FullName;

    private string Database => Path.Combine(_folder, "state.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AfterCommit_OfEachOfManyCommits_KeepsTheLogSmall()
    {
        Assert.InRange(LogAfterCommits(Open), PageBytes, 20 * Pages * PageBytes);
        Assert.Equal(Commits, Rows());
    }

    [Fact]
    public void AfterCommit_WithoutASecondConnection_MovesTheLogItself()
    {
        Assert.InRange(LogAfterCommits(() => throw new SqliteException("too many open files", 14)), PageBytes, 20 * Pages * PageBytes);
        Assert.Equal(Commits, Rows());
    }

    [Fact]
    public void AfterCommit_WhileAReaderHoldsAnOldView_LosesNothing()
    {
        using SqliteConnection writer = Open();
        using var checkpoints = new Checkpoints(writer, Open, Pages);
        Run(writer, "CREATE TABLE t (x BLOB)");
        using SqliteConnection reader = Open();
        using (SqliteTransaction view = reader.BeginTransaction(deferred: true))
        {
            Assert.Equal(0, Rows(reader, view));
            for (int i = 0; i < 200; i++) Insert(writer, checkpoints);
            Assert.Equal(0, Rows(reader, view));
        }
        Assert.Equal(200, Rows(reader, null));
    }

    private long LogAfterCommits(Func<SqliteConnection> connect)
    {
        using SqliteConnection writer = Open();
        using var checkpoints = new Checkpoints(writer, connect, Pages);
        Run(writer, "CREATE TABLE t (x BLOB)");
        for (int i = 0; i < Commits; i++) Insert(writer, checkpoints);
        return new FileInfo(Database + "-wal").Length;
    }

    private static void Insert(SqliteConnection writer, Checkpoints checkpoints)
    {
        Run(writer, "INSERT INTO t VALUES (randomblob(3000))");
        checkpoints.AfterCommit();
    }

    private SqliteConnection Open()
    {
        SqliteConnection connection = SqliteStore.Connect(Database, SqliteOpenMode.ReadWriteCreate);
        Run(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;");
        return connection;
    }

    private long Rows()
    {
        using SqliteConnection connection = Open();
        return Rows(connection, null);
    }

    private static long Rows(SqliteConnection connection, SqliteTransaction? transaction)
    {
        using SqliteCommand command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = ("SELECT count(*) FROM t", transaction);
        return (long)command.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
