using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Engine;
using Refrag.Engine.Options;

namespace Refrag.Cli.LocalRuns;

/// <summary>
/// All runs of <c>env=local</c> that are kept, as one Batch: those that live and those that have ended, the newest first. Listed anew at
/// each request, so that a run that begins or ends meanwhile is seen.
/// </summary>
internal sealed class LocalRunsTransport(string? runs, TimeProvider time, Action<string> tell) : IAwsTransport, IAsyncDisposable
{
    private static readonly OperationHandlers<RunQuery> s_handlers = new OperationHandlers<RunQuery>()
        .On(BatchOperations.DescribeJobs, RunMerge.JobsAsync)
        .On(BatchOperations.ListJobs, RunPages.ListAsync)
        .On(BatchOperations.DescribeJobQueues, RunMerge.QueuesAsync)
        .On(BatchOperations.DescribeComputeEnvironments, RunMerge.EnvironmentsAsync)
        .On(BatchOperations.DescribeJobDefinitions, RunMerge.DefinitionsAsync)
        .On(BatchOperations.CancelJob, static (query, cancel) => query.OfJobAsync(cancel.JobId, BatchOperations.CancelJob, cancel))
        .On(BatchOperations.TerminateJob,
        static (query, terminate) => query.OfJobAsync(terminate.JobId, BatchOperations.TerminateJob, terminate))
        .On(BatchOperations.SubmitJob, static (_, _) => throw NotSubmitted(BatchOperations.SubmitJob))
        .On(BatchOperations.SubmitServiceJob, static (_, _) => throw NotSubmitted(BatchOperations.SubmitServiceJob))
        .On(LogsOperations.GetLogEvents, EventsAsync);

    private readonly Dictionary<string, KnownRun> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _whose = new(StringComparer.Ordinal);
    private LocalBatch? _empty;

    /// <inheritdoc/>
    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        var query = new RunQuery(this, cancellationToken);
        return s_handlers.Find(operation) is { } handler ? handler(query, request) : query.FirstAsync(operation, request);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (KnownRun run in _known.Values) await run.DisposeAsync();
        if (_empty is not null) await _empty.DisposeAsync();
    }

    /// <summary>The runs, the newest first.</summary>
    public IReadOnlyList<KnownRun> Newest()
    {
        lock (_known) return [.. (runs is null ? [] : RunsFolder.Newest(runs)).Select(Known)];
    }

    /// <summary>The run that a job or a stream was last found in; null if none was.</summary>
    public KnownRun? WhoseIs(string name)
    {
        lock (_known) return _whose.TryGetValue(name, out string? run) ? _known.GetValueOrDefault(run) : null;
    }

    /// <summary>Remembers it.</summary>
    public void Remember(string name, KnownRun run)
    {
        lock (_known) _whose[name] = run.Name;
    }

    /// <summary>What answers if there is no run: queues and definitions as a run has them, and no jobs.</summary>
    public LocalBatch Empty()
    {
        lock (_known) return _empty ??= new LocalBatch(new LocalBatchOptions(), time);
    }

    private static Task<GetLogEventsResponse> EventsAsync(RunQuery query, GetLogEventsRequest request) =>
        request is { LogGroupName: UsageLine.Group, LogStreamName: { } usage }
        ? query.OfUsageAsync(usage, request)
        : request.LogStreamName is { } stream
        ? query.OfStreamAsync(stream, LogsOperations.GetLogEvents, request)
        : query.FirstAsync(LogsOperations.GetLogEvents, request);

    private static BatchException NotSubmitted(AwsOperation operation) =>
        BatchException.Client(operation.Name, "A job of env=local is submitted by `refrag run`, which runs it.");

    private KnownRun Known(string folder)
    {
        string name = Path.GetFileName(folder);
        if (!_known.TryGetValue(name, out KnownRun? run)) _known[name] = run = new KnownRun(folder, time, tell);
        return run;
    }
}
