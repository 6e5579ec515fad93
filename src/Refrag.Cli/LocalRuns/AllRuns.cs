using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Engine;

namespace Refrag.Cli.LocalRuns;

/// <summary>
/// All runs of <c>env=local</c> that are kept, as one Batch: those that live and those that have ended, the newest first. Looked at anew at each request, so that a run that
/// begins or ends meanwhile is seen.
/// </summary>
internal sealed class AllRuns(string? runs, TimeProvider time, Action<string> tell) : IBatchTransport, ILogsTransport, IAsyncDisposable
{
    private readonly Dictionary<string, KnownRun> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _whose = new(StringComparer.Ordinal);
    private LocalBatch? _empty;

    /// <inheritdoc/>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(BatchOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        var asking = new Asking(this, operation, cancellationToken);
        return (TResponse)(request switch
        {
            DescribeJobsRequest jobs => await RunMerge.JobsAsync(asking, jobs),
            ListJobsRequest list => await RunPages.ListAsync(asking, list),
            DescribeJobQueuesRequest or DescribeComputeEnvironmentsRequest or DescribeJobDefinitionsRequest => await RunMerge.ResourcesAsync(asking, request),
            CancelJobRequest cancel => await asking.OfJobAsync(cancel.JobId, request),
            TerminateJobRequest terminate => await asking.OfJobAsync(terminate.JobId, request),
            SubmitJobRequest or SubmitServiceJobRequest => throw BatchException.Client(operation.Name, "A job of env=local is submitted by `refrag run`, which runs it."),
            _ => await asking.FirstAsync(request),
        });
    }

    /// <inheritdoc/>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(LogsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        var asking = new Asking(this, operation, cancellationToken);
        return (TResponse)(request is GetLogEventsRequest { LogStreamName: { } stream } ? await asking.OfStreamAsync(stream, request) : await asking.FirstAsync(request));
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

    /// <summary>The run that a job or a stream was last found in; null where none was.</summary>
    public KnownRun? WhoseIs(string name)
    {
        lock (_known) return _whose.TryGetValue(name, out string? run) ? _known.GetValueOrDefault(run) : null;
    }

    /// <summary>Remembers it.</summary>
    public void Remember(string name, KnownRun run)
    {
        lock (_known) _whose[name] = run.Name;
    }

    /// <summary>What answers where there is no run: queues and definitions as a run has them, and no jobs.</summary>
    public LocalBatch Empty()
    {
        lock (_known) return _empty ??= new LocalBatch(new LocalBatchOptions(), time);
    }

    private KnownRun Known(string folder)
    {
        string name = Path.GetFileName(folder);
        if (!_known.TryGetValue(name, out KnownRun? run)) _known[name] = run = new KnownRun(folder, time, tell);
        return run;
    }
}
