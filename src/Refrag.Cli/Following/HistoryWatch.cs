using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Catalogues;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.History;
using Refrag.Monitoring;

namespace Refrag.Cli.Following;

/// <summary>How <see cref="HistoryWatch"/> looks.</summary>
/// <param name="Every">How long from one look to the next; null to look once.</param>
/// <param name="PerMinute">How many requests a minute on average.</param>
internal sealed record WatchPace(TimeSpan? Every, int PerMinute);

/// <summary>What was recorded since a watch began.</summary>
/// <param name="Jobs">Jobs, and those that were measured.</param>
/// <param name="Requests">Requests.</param>
internal sealed record WatchedHistory(Recorded Jobs, long Requests);

/// <summary>
/// Records jobs, queues, fleets and prices in the history, look by look; on a server that streams its events, by these too, so that no job
/// is too short.
/// </summary>
internal sealed class HistoryWatch : IDisposable
{
    // A server that is started anew is found again.
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(30);

    private readonly QuerySession _session;
    private readonly AwsConnection _connection;
    private readonly WatchPace _pace;
    private readonly RequestBudget _budget;
    private readonly HistoryStore _store;
    private readonly JobRecorder _recorder;
    private readonly SampleRecorder _samples;
    private readonly ActivityReader _reader;
    private readonly HashSet<JobPlace> _closed = [];
    private readonly SemaphoreSlim _turn = new(1);

    private HistoryWatch(QuerySession session, AwsConnection connection, WatchPace pace, HistoryStore store)
    {
        (_session, _connection, _pace, _store) = (session, connection, pace, store);
        _budget = new RequestBudget(pace.PerMinute);
        IAwsTransport batch = _budget.Over(session.Batch);
        IAwsTransport? hosts = connection.Hosts is { } aws ? _budget.Over(aws) : null;
        KnownCatalogue known = UserCatalogue.Load(session.Context);
        _recorder = new JobRecorder(batch, hosts, connection.Place, store, session.Context.Time, Warn);
        _samples = new SampleRecorder(
            hosts, connection.Place, store, session.Context.Time, Warn, (type, region) => known.Prices.Find(type, region)?.OnDemand);
        _reader = new ActivityReader(batch, session.Context.Time);
    }

    /// <summary>Looks until it is cancelled, or once. Returns the exit code.</summary>
    /// <param name="session">The session.</param>
    /// <param name="connection">The way to Batch.</param>
    /// <param name="pace">How it looks.</param>
    /// <param name="say">Hears what was recorded, each time that jobs were added.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<int> RunAsync(
        QuerySession session, AwsConnection connection, WatchPace pace, Action<WatchedHistory> say, CancellationToken cancellationToken)
    {
        using HistoryStore store = UserHistory.Open(session.Context);
        if (!store.IsUsable) return ExitCodes.Unavailable;
        using HistoryWatch watch = new(session, connection, pace, store);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task listening = pace.Every is null ? Task.CompletedTask : watch.ListenAsync(stop.Token);
        try
        {
            return await watch.LookAsync(say, cancellationToken);
        }
        finally
        {
            await stop.CancelAsync();
            await listening;
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<int> LookAsync(Action<WatchedHistory> say, CancellationToken cancellationToken)
    {
        Recorded? said = null;
        while (true)
        {
            bool isAnswered = await OnceAsync(cancellationToken);
            if (!_store.IsUsable) return ExitCodes.Unavailable;
            if (isAnswered && said != _recorder.Done) say(new WatchedHistory(said = _recorder.Done, _budget.Sent));
            if (_pace.Every is not { } every) return ExitCodes.Success;
            await Task.Delay(_budget.Pause(every), _session.Context.Time, cancellationToken);
        }
    }

    // A collector outlasts an outage of Batch: what it misses stays assumed.
    private async Task<bool> OnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            Activity activity = await _reader.ReadAsync(cancellationToken);
            await InTurnAsync(async () =>
            {
                await _recorder.SeeAsync([.. activity.Jobs.Select(job => job.Summary)], isWhole: !activity.IsCut, cancellationToken);
                await _samples.SeeAsync(activity, cancellationToken);
                await CloseAsync(activity, cancellationToken);
            }, cancellationToken);
            return true;
        }
        catch (AwsException failure) when (_pace.Every is not null)
        {
            _session.Terminal.Note($"No answer, asking again: {failure.Problem.What}.");
            return false;
        }
    }

    // What an earlier watch has left open: some at each look until nothing is left, and all at a look that is the only one.
    private async Task CloseAsync(Activity activity, CancellationToken cancellationToken)
    {
        foreach (JobPlace place in
            activity.Queues.Select(q => JobPlace.Of(_connection.Place, q.Queue.JobQueueArn)).OfType<JobPlace>().Distinct())
        {
            if (_closed.Contains(place)) continue;
            int? left = await _recorder.CloseAsync(place, cancellationToken);
            while (left > 0 && _pace.Every is null) left = await _recorder.CloseAsync(place, cancellationToken);
            if (left == 0) _closed.Add(place);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (_connection.Events is not { } events) return;
        bool isSaid = false;
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    await foreach (JobDetail job in events.JobsAsync(cancellationToken))
                        await InTurnAsync(() => _recorder.SeeAsync([job], cancellationToken), cancellationToken);
                }
                catch (Exception e) when (e is HttpRequestException or IOException or AwsException)
                {
                    if (!isSaid) Warn(HistoryProblems.NoEvents(e is AwsException aws ? aws.Problem.What : e.Message));
                    isSaid = true;
                }
                await Task.Delay(s_again, _session.Context.Time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The watch has ended.
        }
    }

    // A recorder knows what it has seen, and is used by one at a time.
    private async Task InTurnAsync(Func<Task> use, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await use();
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Warn(Problem problem) => _session.Terminal.Warnings([problem]);
}
