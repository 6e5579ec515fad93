using System.Text.Json;
using Microsoft.Data.Sqlite;
using Refrag.Aws.Batch;

namespace Refrag.History;

/// <summary>
/// What refrag has seen of jobs, queues and fleets, and what it measured of them, in one SQLite file of the user. Several processes may
/// have it open. It never throws for what is wrong with the file: after the first fault it reports it once, and holds nothing from then
/// on. A file that another process has locked, or that can only be read, is no such fault: what cannot be written then is left out.
/// </summary>
public sealed class HistoryStore : IDisposable
{
    // How long one process waits for another that is writing.
    private const int LockSeconds = 5;

    // (SQLite, Result and Error Codes: SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY)
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;

    private static readonly Lock s_creating = new();

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly HistoryLimits _limits;
    private readonly Action<Problem> _report;
    private SqliteConnection? _connection;
    private bool _saidNotNow;

    private HistoryStore(string path, TimeProvider time, HistoryLimits limits, Action<Problem> report) =>
        (_path, _time, _limits, _report) = (path, time, limits, report);

    /// <summary>Whether it still reads and writes.</summary>
    public bool IsUsable => _connection is not null;

    /// <summary>Opens the file, and makes it and its folder if they do not exist.</summary>
    /// <param name="path">The file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="report">
    /// Hears of the one fault that ends its use (RF8100, RF8101), and once of what is not possible now (RF8108).
    /// </param>
    /// <param name="limits">What it keeps; the usual limits if null.</param>
    /// <param name="wait">How long to wait for another process that writes, in whole seconds; 5 s if null.</param>
    public static HistoryStore Open(
        string path, TimeProvider time, Action<Problem> report, HistoryLimits? limits = null, TimeSpan? wait = null)
    {
        HistoryStore store = new(path, time, limits ?? new HistoryLimits(), report);
        try
        {
            Create(path);
            store._connection = Connect(path, (int?)wait?.TotalSeconds ?? LockSeconds);
            if (HistorySchema.Migrate(store._connection, time) is { } newer)
                store.GiveUp(HistoryProblems.TooNew(path, newer, HistorySchema.Version));
        }
        catch (SqliteException e) when (IsNotNow(e))
        {
            store.GiveUp(HistoryProblems.NotNow(path, e.Message));
        }
        catch (Exception e) when (IsFault(e))
        {
            store.GiveUp(HistoryProblems.Unusable(path, e.GetBaseException().Message));
        }
        return store;
    }

    /// <summary>
    /// Keeps jobs, over what is known of them: what was measured once stays. At most once a day, over all processes, what is beyond the
    /// limits of that place is removed; if that is much, by the next writes too. Many jobs are several writes.
    /// </summary>
    /// <param name="place">Where they are.</param>
    /// <param name="jobs">The jobs.</param>
    /// <returns>Whether all are kept; if not, some may be.</returns>
    public bool Put(JobPlace place, IReadOnlyList<RecordedJob> jobs) =>
        Write(place, jobs, job => 1 + job.Attempts.Count, (number, job) => Rows.Put(number, job));

    /// <summary>
    /// Keeps what queues, fleets and prices were at one moment. A second sample of the same within 45 seconds is left out, as is a price
    /// that was the same within an hour: several processes look.
    /// </summary>
    /// <param name="place">Where.</param>
    /// <param name="sample">What was seen.</param>
    /// <returns>Whether it is kept.</returns>
    public bool Put(JobPlace place, PlaceSample sample) =>
        Write(place, [sample], static _ => 1, (number, one) => new SampleRows(new HistorySql(_connection!)).Put(number, one));

    /// <summary>
    /// Keeps what a list of jobs says of those that the history knows: their states and times. A job that is known to have ended stays so,
    /// whatever the list says.
    /// </summary>
    /// <param name="place">Where they are.</param>
    /// <param name="listed">The jobs.</param>
    /// <param name="at">When the list was asked for.</param>
    /// <returns>Whether all is kept; if not, some may be.</returns>
    public bool Put(JobPlace place, IReadOnlyList<JobSummary> listed, DateTimeOffset at) =>
        Write(place, listed, static _ => 1, (number, job) => Rows.Update(number, job, at));

    /// <summary>Whether something could not be read or written because another process was writing, or the file can only be read.</summary>
    public bool HasMissedWrites => _saidNotNow;

    /// <summary>What it keeps.</summary>
    public HistoryLimits Limits => _limits;

    /// <summary>How many bytes the file has in use; 0 if it cannot be read.</summary>
    public long UsedBytes => Read(HistorySize.Of, 0);

    /// <summary>
    /// Removes what is beyond the limits of this store, of every place, in as many writes as it takes, and then gives the room back to the
    /// disk.
    /// </summary>
    /// <param name="only">Only of this place; null for all.</param>
    /// <param name="cancellationToken">Stops between two writes.</param>
    public void Prune(JobPlace? only, CancellationToken cancellationToken)
    {
        foreach (JobPlace place in only is null ? new HistoryReader(this).Places() : [only])
        {
            for (bool isDone = false; !isDone && IsUsable && !cancellationToken.IsCancellationRequested;)
            {
                isDone = Guard(() =>
                {
                    using SqliteTransaction transaction = _connection!.BeginTransaction();
                    if (Rows.Place(place, makes: false) is not { } number) return true;
                    bool isEmpty = new HistoryRetention(_connection, _limits, number).RemoveNow(_time.GetUtcNow());
                    transaction.Commit();
                    return isEmpty;
                }, otherwise: true);
            }
        }
        if (cancellationToken.IsCancellationRequested) return;
        Guard(() =>
        {
            HistorySql sql = new(_connection!);
            HistorySize.Fit(sql, only is null ? _limits.Bytes : long.MaxValue, _connection!.BeginTransaction);
            return true;
        }, otherwise: false);
    }

    /// <summary>A job with everything that is known of it; null if it is not known.</summary>
    public RecordedJob? Find(JobPlace place, string id) => Guard(
        () => Rows.Place(place, makes: false) is { } number && Rows.Jobs(number, id, null) is [var job, ..] ? job : null, otherwise: null);

    /// <summary>The jobs of a place, those made since a time; the oldest first.</summary>
    public IReadOnlyList<RecordedJob> List(JobPlace place, DateTimeOffset? since) =>
        Guard(() => Rows.Place(place, makes: false) is { } number ? Rows.Jobs(number, null, since) : [], otherwise: []);

    /// <summary>The ids of jobs that had not ended when they were last seen, those first that were not seen for longest.</summary>
    /// <param name="place">Where they are.</param>
    /// <param name="seenSince">Only jobs that were seen at this time or later.</param>
    /// <param name="most">The most jobs.</param>
    /// <returns>The ids; null if the file cannot be read now.</returns>
    public IReadOnlyList<string>? Open(JobPlace place, DateTimeOffset seenSince, int most) => Guard<IReadOnlyList<string>?>(
        () => Rows.Place(place, makes: false) is { } number ? Rows.Open(number, seenSince, most) : [], otherwise: null);

    /// <summary>The instance behind a container instance of AWS; null if it was never measured.</summary>
    public HostInstance? Host(JobPlace place, string arn) =>
        Guard(() => Rows.Place(place, makes: false) is { } number ? Rows.Host(number, arn) : null, otherwise: null);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    /// <summary>Reads something of its own; what is given instead if the file cannot be read.</summary>
    internal T Read<T>(Func<HistorySql, T> read, T otherwise) => Guard(() => read(new HistorySql(_connection!)), otherwise);

    // A round of removal looks at what stood there before the first part, and removes when the last one stands there.
    private bool Write<T>(JobPlace place, IReadOnlyList<T> all, Func<T, int> rows, Func<long, T, int> put)
    {
        IReadOnlyList<T>[] parts = [.. HistorySize.Parts(all, rows)];
        for (int i = 0; i < parts.Length; i++)
        {
            IReadOnlyList<T> part = parts[i];
            if (!Write(place, number => part.Sum(one => put(number, one)), isFirst: i == 0, isLast: i == parts.Length - 1)) return false;
        }
        return true;
    }

    private bool Write(JobPlace place, Func<long, int> put, bool isFirst, bool isLast) => Guard(() =>
    {
        using SqliteTransaction transaction = _connection!.BeginTransaction();
        long number = Rows.Place(place, makes: true)!.Value;
        HistoryRetention retention = new(_connection, _limits, number);
        if (isFirst) retention.Begin(_time.GetUtcNow());
        int rows = put(number);
        if (isLast) retention.Remove();
        HistorySize.Make(new HistorySql(_connection), _limits.Bytes, rows);
        transaction.Commit();
        return true;
    }, otherwise: false);

    private HistoryRows Rows => new(new HistorySql(_connection!));

    private T Guard<T>(Func<T> use, T otherwise)
    {
        lock (_lock)
        {
            if (_connection is null) return otherwise;
            try
            {
                return use();
            }
            catch (SqliteException e) when (IsNotNow(e))
            {
                if (!_saidNotNow) _report(HistoryProblems.NotNow(_path, e.Message));
                _saidNotNow = true;
                return otherwise;
            }
            catch (Exception e) when (IsFault(e))
            {
                GiveUp(HistoryProblems.Unusable(_path, e.GetBaseException().Message));
                return otherwise;
            }
        }
    }

    private static bool IsNotNow(SqliteException e) => e.SqliteErrorCode is Busy or Locked or ReadOnly;

    // A damaged file may hold anything where a number or JSON should stand; and SQLite's library may not be loadable.
    private static bool IsFault(Exception e) => e is SqliteException or IOException or UnauthorizedAccessException or JsonException
        or FormatException or InvalidCastException or InvalidOperationException or OverflowException or ArgumentException
        or TypeInitializationException or DllNotFoundException;

    private void GiveUp(Problem problem)
    {
        _connection?.Dispose();
        _connection = null;
        _report(problem);
    }

    // Only once: to close a file gives up the locks that SQLite holds on it elsewhere in this process. (SQLite, How To Corrupt, 2.2)
    private static void Create(string path)
    {
        lock (s_creating)
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (File.Exists(path)) Restrict(path);
            else PrivateFiles.Prepare(path);
        }
    }

    private static void Restrict(string path)
    {
        try
        {
            PrivateFiles.Restrict(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A file that can only be read is of use too; one that cannot even be read is reported when it is opened.
        }
    }

    // With a rollback journal and not a write-ahead log, which network file systems cannot share. (SQLite, Write-Ahead Logging)
    private static SqliteConnection Connect(string path, int seconds)
    {
        var text = new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = seconds };
        var connection = new SqliteConnection(text.ToString());
        connection.Open();
        return connection;
    }
}
