using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.History;
using Refrag.Monitoring;

namespace Refrag.Cli.Following;

/// <summary>
/// Records and measures jobs beside the command that shows them, which never waits for it: one round after the other, and of each job only
/// its latest state.
/// </summary>
internal sealed class Measuring : IAsyncDisposable
{
    // What is not asked by then stays assumed: no command's end waits longer for it.
    private static readonly TimeSpan s_longestEnd = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Func<JobRecorder, CancellationToken, Task>> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly string _endpoint;
    private readonly Func<HistoryStore> _open;
    private readonly Func<HistoryStore, JobRecorder> _recorderOf;
    private readonly Action<Problem> _report;
    private readonly TimeProvider _time;
    private HistoryStore? _store;
    private JobRecorder? _recorder;
    private Task _rounds = Task.CompletedTask;
    private bool _isRunning;
    private bool _hasFailed;
    private bool _isDisposed;

    private Measuring(
        string endpoint, Func<HistoryStore> open, Func<HistoryStore, JobRecorder> recorderOf, Action<Problem> report, TimeProvider time) =>
        (_endpoint, _open, _recorderOf, _report, _time) = (endpoint, open, recorderOf, report, time);

    /// <summary>Begins to record what is seen through a connection.</summary>
    /// <param name="context">The process.</param>
    /// <param name="connection">Where Batch is.</param>
    /// <param name="report">Hears of each problem once; null for warnings on standard error.</param>
    public static Measuring Begin(CliContext context, AwsConnection connection, Action<Problem>? report = null)
    {
        Action<Problem> heard = report ?? (problem => context.Terminal.Warnings([problem]));
        // Another server may not know what ECS and EC2 are, and no instance is billed there: only `refrag history watch` says so.
        Action<Problem> unanswered = connection.IsAws ? heard : static _ => { };
        return new Measuring(
            connection.Place, () => UserHistory.Open(context, heard),
            store => new JobRecorder(connection.Transport, connection.Hosts, connection.Place, store, context.Time, unanswered), heard,
            context.Time);
    }

    /// <summary>A job as DescribeJobs answered it.</summary>
    public void See(JobDetail job) => Post(job.JobId, (recorder, token) => recorder.WatchAsync(job, token));

    /// <summary>All active jobs, and the queues and environments.</summary>
    public void See(Activity activity) => Post("", (recorder, token) =>
    {
        foreach ((JobPlace place, PlaceSample sample) in PlaceSample.Of(_endpoint, activity.Queues, activity.IsCut, activity.At))
            _store?.Put(place, sample);
        return recorder.SeeAsync([.. activity.Jobs.Select(job => job.Summary)], isWhole: !activity.IsCut, token);
    });

    /// <summary>Returns when what was seen is measured and kept, or after the longest wait. Only the first call does anything.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        try
        {
            await _rounds.WaitAsync(s_longestEnd, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            await _stop.CancelAsync();
            await _rounds;
        }
        _stop.Dispose();
        _store?.Dispose();
    }

    private void Post(string key, Func<JobRecorder, CancellationToken, Task> round)
    {
        lock (_lock)
        {
            if (_store is { IsUsable: false }) return;
            _waiting[key] = round;
            if (_isRunning) return;
            _isRunning = true;
            _rounds = Task.Run(RunAsync, CancellationToken.None);
        }
    }

    private async Task RunAsync()
    {
        while (Take() is { } round)
        {
            try
            {
                // Opened here: another process may have the file locked for seconds.
                _store ??= _open();
                _recorder ??= _recorderOf(_store);
                if (_store.IsUsable) await round(_recorder, _stop.Token);
            }
            catch (Exception e) when (e is AwsException or OperationCanceledException)
            {
                // The command asks Batch too, and says so itself where it does not answer.
            }
#pragma warning disable CA1031 // Whatever goes wrong beside a command must not end it: the job that it shows runs all the same.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (!_hasFailed) _report(HistoryProblems.Failed(e.Message));
                _hasFailed = true;
            }
        }
    }

    private Func<JobRecorder, CancellationToken, Task>? Take()
    {
        lock (_lock)
        {
            foreach ((string key, Func<JobRecorder, CancellationToken, Task> round) in _waiting)
            {
                _waiting.Remove(key);
                return round;
            }
            _isRunning = false;
            return null;
        }
    }
}
