using System.Globalization;
using Microsoft.Data.Sqlite;
using Refrag.Engine.Names;

namespace Refrag.Engine.Store;

/// <summary>The tables, as a list of steps. A step is never changed once it was released; a change is a new step.</summary>
internal static class SqliteSchema
{
    private static readonly string[] s_steps =
    [
        // 1: resources as JSON beside their names; a submission as one row, an array's children only where they differ from what the parent
        // implies.
        """
        CREATE TABLE resources (kind TEXT NOT NULL, name TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, name)) WITHOUT ROWID;
        CREATE TABLE jobs (
            seq INTEGER PRIMARY KEY, id TEXT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, queue TEXT NOT NULL,
            definition TEXT NOT NULL, share TEXT, status TEXT NOT NULL, places INTEGER NOT NULL, created_at INTEGER NOT NULL,
            ended_at INTEGER, request TEXT NOT NULL, life TEXT NOT NULL);
        CREATE UNIQUE INDEX jobs_id ON jobs (id);
        CREATE INDEX jobs_live ON jobs (seq) WHERE ended_at IS NULL;
        CREATE INDEX jobs_ended ON jobs (queue, status, seq) WHERE ended_at IS NOT NULL;
        CREATE INDEX jobs_name ON jobs (queue, name COLLATE NOCASE, seq) WHERE ended_at IS NOT NULL;
        CREATE TABLE children (
            parent INTEGER NOT NULL, idx INTEGER NOT NULL, status TEXT NOT NULL, life TEXT NOT NULL,
            PRIMARY KEY (parent, idx)) WITHOUT ROWID;
        CREATE TABLE consumables (resource TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (resource, seq)) WITHOUT ROWID;
        """,
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Version => s_steps.Length;

    /// <summary>Brings a database up to <see cref="Version"/>. Throws <see cref="EngineStateException"/> where it is newer.</summary>
    public static void Migrate(SqliteConnection connection, TimeProvider time)
    {
        Run(connection, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL)");
        int version = VersionOf(connection);
        if (version > Version) throw TooNew(connection.DataSource, version);
        for (int step = version; step < Version; step++)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            Run(connection, s_steps[step], transaction);
            Run(connection,
                string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_version VALUES ({step + 1}, '{time.GetUtcNow():O}')"),
                transaction);
            transaction.Commit();
        }
    }

    /// <summary>Whether a database, which has a version, has the one that this program writes.</summary>
    public static bool IsCurrent(SqliteConnection connection) => VersionOf(connection) == Version;

    public static void Run(SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The texts are this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static int VersionOf(SqliteConnection connection) =>
        Convert.ToInt32(Scalar(connection, "SELECT COALESCE(MAX(version), 0) FROM schema_version"), CultureInfo.InvariantCulture);

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static EngineStateException TooNew(string path, int version) => new(new Problem
    {
        Code = "RF4013",
        What = string.Create(CultureInfo.InvariantCulture,
            $"the state in {path} has schema version {version}, and this refrag knows versions up to {Version}"),
        Cause = "A newer refrag has written it.",
        Cure = "Use that refrag, or name another folder.",
    });
}
