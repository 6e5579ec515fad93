using Refrag.Aws;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Dashboard.Streams;

namespace Refrag.Dashboard.Jobs;

/// <summary>Keeps the table up to date while a page shows it, and sends it: a snapshot in parts, then changes.</summary>
/// <param name="batch">Batch, at the pace of the budget.</param>
/// <param name="time">The clock.</param>
/// <param name="most">The most rows.</param>
/// <param name="log">Gets a line about each fault of the reading's own.</param>
internal sealed class TableFeed(PacedTransport batch, TimeProvider time, int most, Action<string> log)
{
    /// <summary>The most rows that a page is sent, unless said otherwise.</summary>
    public const int MostRows = 200_000;

    private const int RowsAtOnce = 2000;
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(30);

    // Reading takes a part of the time, so that a large table keeps neither Batch nor this machine busy.
    private const int Idle = 3;

    private readonly LiveTable _table = new();
    private readonly Lock _lock = new();
    private bool _isReading;
    private TableReader? _listing;

    // An action of the user's is to be seen at once.
    private TaskCompletionSource _hurry = New();

    /// <summary>The rows.</summary>
    public LiveTable Table => _table;

    /// <summary>Reads soon instead of at the usual pace.</summary>
    public void Hurry() => Volatile.Read(ref _hurry).TrySetResult();

    /// <summary>Sends the table until the page is gone.</summary>
    public async Task WriteAsync(EventWriter events, CancellationToken stopping, CancellationToken cancellationToken)
    {
        await events.BeginAsync(cancellationToken);
        while (true)
        {
            var (rows, sequence, status, changes) = _table.Follow();
            try
            {
                Start(stopping);
                await SnapshotAsync(events, rows, sequence, status, cancellationToken);
                while (!changes.HasMissed)
                {
                    await events.WaitAsync(changes.WaitAsync, cancellationToken);
                    while (changes.TryTake(out TableChange change))
                        await events.SendAsync("change", change, TableJson.Default.TableChange, cancellationToken);
                }
            }
            finally
            {
                _table.Leave(changes);
            }
        }
    }

    private static async Task SnapshotAsync(
        EventWriter events, IReadOnlyList<TableRow> rows, long sequence, ReadingStatus status, CancellationToken cancellationToken)
    {
        // What people look at first comes first.
        TableRow[] ordered = [.. rows.OrderBy(row => row.HasEnded).ThenByDescending(row => row.Created)];
        for (int at = 0; at == 0 || at < ordered.Length; at += RowsAtOnce)
        {
            var part = new TableSnapshot
            {
                Sequence = sequence,
                Total = ordered.Length,
                First = at == 0,
                Last = at + RowsAtOnce >= ordered.Length,
                Rows = new ArraySegment<TableRow>(ordered, at, Math.Min(RowsAtOnce, ordered.Length - at)),
                Status = status,
            };
            await events.SendAsync("snapshot", part, TableJson.Default.TableSnapshot, cancellationToken);
        }
    }

    private void Start(CancellationToken stopping)
    {
        lock (_lock)
        {
            if (_isReading) return;
            _isReading = true;
        }
        // It ends by itself, whatever goes wrong.
        _ = ReadAsync(stopping);
    }

    // Decided together with a start, so that a page that comes now is not left without a reading.
    private bool IsWanted()
    {
        lock (_lock) return _isReading = _table.IsFollowed;
    }

    private async Task ReadAsync(CancellationToken stopping)
    {
        // Not on the thread of the page's request.
        await Task.Yield();
        TimeSpan pace = s_pace;
        try
        {
            while (IsWanted())
            {
                long began = time.GetTimestamp();
                bool isRead = await ReadOnceAsync(stopping);
                TimeSpan took = time.GetElapsedTime(began);
                pace = isRead ? Between(took * Idle, s_pace) : Between(pace * 2, s_pace);
                Task next = NextAsync(pace, stopping);
                if (isRead) await DescribeAsync(next, stopping);
                await next;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops.
        }
        catch (Exception e)
        {
            // What is not Batch's is a bug. The pages come back, and with them the reading.
            log($"the table of jobs: {e}");
            lock (_lock) _isReading = false;
            _table.End();
        }
    }

    private async Task<bool> ReadOnceAsync(CancellationToken stopping)
    {
        try
        {
            _listing ??= new TableReader(batch, _table, most, time);
            (int queues, bool isCut) = await _listing.ReadAsync(stopping);
            long now = time.GetUtcNow().ToUnixTimeMilliseconds();
            _table.Report(
                status => status with { At = now, Cut = isCut, Queues = queues, Requests = batch.Sent, Problem = null });
            return true;
        }
        catch (AwsException failure)
        {
            _table.Report(status => status with { Requests = batch.Sent, Problem = PageProblem.Of(failure.Problem) });
            return false;
        }
    }

    private async Task DescribeAsync(Task next, CancellationToken stopping)
    {
        HashSet<string> asked = new(StringComparer.Ordinal);
        try
        {
            while (!next.IsCompleted && _table.IsFollowed && await _listing!.DescribeAsync(asked, stopping))
            {
            }
        }
        catch (AwsException)
        {
            // The next reading says what is wrong.
        }
        int left = _table.Where(static row => row.DescribedIn is null).Count;
        _table.Report(status => status with { Undescribed = left, Requests = batch.Sent });
    }

    private async Task NextAsync(TimeSpan pace, CancellationToken stopping)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        TaskCompletionSource hurry = Volatile.Read(ref _hurry);
        await Task.WhenAny(hurry.Task, Task.Delay(pace, time, stop.Token));
        await stop.CancelAsync();
        if (hurry.Task.IsCompleted) Volatile.Write(ref _hurry, New());
        stopping.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static TimeSpan Between(TimeSpan time, TimeSpan least) => time < least ? least : time > s_slowest ? s_slowest : time;
}
