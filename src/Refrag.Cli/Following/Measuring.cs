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
    private readonly Dictionary<string, Func<CancellationToken, Task>> _waiting = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly HistoryStore _store;
    private readonly JobRecorder _recorder;
    private readonly TimeProvider _time;
    private Task _rounds = Task.CompletedTask;
    private bool _isRunning;

    private Measuring(HistoryStore store, JobRecorder recorder, TimeProvider time) => (_store, _recorder, _time) = (store, recorder, time);

    /// <summary>Begins to record what is seen through a connection.</summary>
    /// <param name="context">The process.</param>
    /// <param name="connection">Where Batch is.</param>
    /// <param name="report">Hears of each problem once; null for warnings on standard error.</param>
    public static Measuring Begin(CliContext context, AwsConnection connection, Action<Problem>? report = null)
    {
        report ??= problem => context.Terminal.Warnings([problem]);
        HistoryStore store = UserHistory.Open(context, report);
        // Another server may not know what ECS and EC2 are, and no instance is billed there: only `refrag cost watch` says so.
        JobRecorder recorder = new(
            connection.Transport, connection.Hosts, connection.Place, store, context.Time, connection.IsAws ? report : static _ => { });
        return new Measuring(store, recorder, context.Time);
    }

    /// <summary>A job as DescribeJobs answered it.</summary>
    public void See(JobDetail job) => Post(job.JobId, token => _recorder.WatchAsync(job, token));

    /// <summary>All active jobs.</summary>
    public void See(Activity activity) => Post("",
        token => _recorder.SeeAsync([.. activity.Jobs.Select(job => job.Summary)], isWhole: !activity.IsCut, token));

    public async ValueTask DisposeAsync()
    {
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
        _store.Dispose();
    }

    private void Post(string key, Func<CancellationToken, Task> round)
    {
        lock (_lock)
        {
            if (!_store.IsUsable) return;
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
                await round(_stop.Token);
            }
            catch (Exception e) when (e is AwsException or OperationCanceledException)
            {
                // The command asks Batch too, and says so itself where it does not answer.
            }
        }
    }

    private Func<CancellationToken, Task>? Take()
    {
        lock (_lock)
        {
            foreach ((string key, Func<CancellationToken, Task> round) in _waiting)
            {
                _waiting.Remove(key);
                return round;
            }
            _isRunning = false;
            return null;
        }
    }
}
