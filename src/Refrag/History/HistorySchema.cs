using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Refrag.History;

/// <summary>The tables of the history, as a list of steps. A step is never changed once it was released; a change is a new step.</summary>
internal static class HistorySchema
{
    private static readonly string[] s_steps =
    [
        // 1: jobs with what costs follow from. A place is an account and region of AWS, or of another server. An attempt keeps what was
        // measured of its instance: an id of a rehearsal's instance may come again. Times are milliseconds of Unix time, amounts decimal.
        """
        CREATE TABLE places (
            id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
            UNIQUE (endpoint, account, region));
        CREATE TABLE jobs (
            place INTEGER NOT NULL REFERENCES places (id), id TEXT NOT NULL, name TEXT NOT NULL, queue TEXT NOT NULL,
            status TEXT NOT NULL, platform INTEGER NOT NULL, created_at INTEGER, seen_at INTEGER NOT NULL, nodes INTEGER NOT NULL,
            milli_vcpus INTEGER NOT NULL, memory_mib INTEGER NOT NULL, gpus INTEGER NOT NULL, architecture INTEGER, tags TEXT NOT NULL,
            PRIMARY KEY (place, id)) WITHOUT ROWID;
        CREATE INDEX jobs_created ON jobs (place, created_at);
        CREATE TABLE attempts (
            place INTEGER NOT NULL, job TEXT NOT NULL, node INTEGER NOT NULL, number INTEGER NOT NULL, started_at INTEGER NOT NULL,
            stopped_at INTEGER, failed INTEGER, task TEXT, host TEXT, instance TEXT, type TEXT, zone TEXT, market TEXT, spot_usd TEXT,
            PRIMARY KEY (place, job, node, number)) WITHOUT ROWID;
        CREATE INDEX attempts_host ON attempts (place, host) WHERE instance IS NOT NULL;
        """,

        // 2: when the last round of removals of a place began, the time from which it counts age, and whether it is done.
        """
        CREATE INDEX jobs_seen ON jobs (place, seen_at);
        CREATE TABLE removals (
            place INTEGER PRIMARY KEY REFERENCES places (id), begun_at INTEGER NOT NULL, newest INTEGER NOT NULL,
            is_done INTEGER NOT NULL);
        """,

        // 3: what a job waited for and how it ended, for traces; queues, fleets and prices at moments. Of a job that was kept before, the
        // times of its last attempt are known. The keys begin with the time: what is old is together, and removing it frees pages.
        """
        ALTER TABLE jobs ADD COLUMN started_at INTEGER;
        ALTER TABLE jobs ADD COLUMN stopped_at INTEGER;
        ALTER TABLE jobs ADD COLUMN reason TEXT;
        ALTER TABLE jobs ADD COLUMN share TEXT;
        ALTER TABLE jobs ADD COLUMN priority INTEGER;
        ALTER TABLE jobs ADD COLUMN most_attempts INTEGER;
        ALTER TABLE jobs ADD COLUMN timeout_ms INTEGER;
        ALTER TABLE jobs ADD COLUMN depends INTEGER;
        UPDATE jobs SET
            started_at = (SELECT MAX(a.started_at) FROM attempts a WHERE a.place = jobs.place AND a.job = jobs.id AND a.node = -1),
            stopped_at = CASE WHEN status IN ('SUCCEEDED', 'FAILED') THEN
                (SELECT MAX(a.stopped_at) FROM attempts a WHERE a.place = jobs.place AND a.job = jobs.id AND a.node = -1) END;
        CREATE TABLE queue_samples (
            place INTEGER NOT NULL, at INTEGER NOT NULL, queue TEXT NOT NULL, submitted INTEGER NOT NULL, pending INTEGER NOT NULL,
            runnable INTEGER NOT NULL, starting INTEGER NOT NULL, running INTEGER NOT NULL, oldest_waiting INTEGER,
            is_cut INTEGER NOT NULL, PRIMARY KEY (place, at, queue)) WITHOUT ROWID;
        CREATE TABLE fleet_samples (
            place INTEGER NOT NULL, at INTEGER NOT NULL, environment TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL,
            min_vcpus INTEGER, desired_vcpus INTEGER, max_vcpus INTEGER, instances INTEGER, vcpus REAL, busy_vcpus REAL, gpus INTEGER,
            busy_gpus INTEGER, PRIMARY KEY (place, at, environment)) WITHOUT ROWID;
        CREATE TABLE fleet_instances (
            place INTEGER NOT NULL, at INTEGER NOT NULL, environment TEXT NOT NULL, type TEXT NOT NULL, zone TEXT NOT NULL,
            market TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (place, at, environment, type, zone, market)) WITHOUT ROWID;
        CREATE TABLE prices (
            place INTEGER NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL, zone TEXT NOT NULL, market TEXT NOT NULL, usd TEXT NOT NULL,
            PRIMARY KEY (place, at, type, zone, market)) WITHOUT ROWID;
        """,
    ];

    /// <summary>The version that this program writes.</summary>
    public static int Version => s_steps.Length;

    /// <summary>
    /// Brings a database up to <see cref="Version"/>, once, however many processes open it. Returns its own version if that is newer.
    /// </summary>
    public static int? Migrate(SqliteConnection connection, TimeProvider time)
    {
        // Only a change takes the lock that others wait for, and a file that is up to date need not be writable.
        int written = HasVersion(connection) ? VersionOf(connection) : 0;
        if (written >= Version) return written > Version ? written : null;
        using SqliteTransaction transaction = connection.BeginTransaction();
        Run(connection, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL)");
        int version = VersionOf(connection);
        if (version > Version) return version;
        for (int step = version; step < Version; step++)
        {
            Run(connection, s_steps[step]);
            Run(connection,
                string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_version VALUES ({step + 1}, '{time.GetUtcNow():O}')"));
        }
        transaction.Commit();
        return null;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this file's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static bool HasVersion(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture) > 0;
    }

    private static int VersionOf(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT COALESCE(MAX(version), 0) FROM schema_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
