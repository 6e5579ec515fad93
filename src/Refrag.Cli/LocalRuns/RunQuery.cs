using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;

namespace Refrag.Cli.LocalRuns;

/// <summary>One request to all runs.</summary>
internal sealed class RunQuery(LocalRunsTransport runs, CancellationToken cancellationToken)
{
    /// <summary>The runs, the newest first.</summary>
    public IReadOnlyList<KnownRun> Newest { get; } = runs.Newest();

    /// <summary>Remembers whose a job is.</summary>
    public void Remember(string job, KnownRun run) => runs.Remember(job, run);

    /// <summary>A run's answer; null if it cannot be asked, or refuses because it does not know the job or the stream.</summary>
    public async Task<TResponse?> AskAsync<TRequest, TResponse>(KnownRun run, AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        try
        {
            return await run.AskAsync(operation, request, cancellationToken);
        }
        catch (AwsServiceException failure) when (failure is BatchException { ErrorCode: BatchException.ClientException }
            or LogsException { ErrorCode: LogsException.ResourceNotFound })
        {
            return null;
        }
    }

    /// <summary>The answer of an engine without jobs.</summary>
    public Task<TResponse> EmptyAsync<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class => runs.Empty().SendAsync(operation, request, cancellationToken);

    /// <summary>The answers of all runs, the newest first, and of an engine without jobs.</summary>
    public async Task<IReadOnlyList<TResponse>> AllAsync<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        List<TResponse> answers = [];
        foreach (KnownRun run in Newest)
        {
            if (await AskAsync(run, operation, request) is { } answer) answers.Add(answer);
        }
        return [.. answers, await EmptyAsync(operation, request)];
    }

    /// <summary>The answer of the first run that has one.</summary>
    public async Task<TResponse> FirstAsync<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        foreach (KnownRun run in Newest)
        {
            if (await AskAsync(run, operation, request) is { } answer) return answer;
        }
        return await EmptyAsync(operation, request);
    }

    /// <summary>The answer of the run that has a log stream.</summary>
    public async Task<TResponse> OfStreamAsync<TRequest, TResponse>(
        string stream, AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        if (runs.WhoseIs(stream) is { } known && await AskAsync(known, operation, request) is { } again) return again;
        foreach (KnownRun run in Newest)
        {
            if (await AskAsync(run, operation, request) is not { } answer) continue;
            runs.Remember(stream, run);
            return answer;
        }
        return await EmptyAsync(operation, request);
    }

    /// <summary>
    /// What an attempt has used, of the run that has the attempt's log. Most attempts have no such stream, and no other run is asked for
    /// it.
    /// </summary>
    public async Task<GetLogEventsResponse> OfUsageAsync(string usage, GetLogEventsRequest request)
    {
        string owner = UsageLine.OwnerOf(usage);
        if (runs.WhoseIs(owner) is null)
            await OfStreamAsync(owner, LogsOperations.GetLogEvents, new GetLogEventsRequest { LogStreamName = owner, Limit = 1 });
        return (runs.WhoseIs(owner) is { } run ? await AskAsync(run, LogsOperations.GetLogEvents, request) : null)
            ?? await EmptyAsync(LogsOperations.GetLogEvents, request);
    }

    /// <summary>The answer of the run that has a job.</summary>
    public async Task<TResponse> OfJobAsync<TRequest, TResponse>(string job, AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class
    {
        if (runs.WhoseIs(job) is { } known && await AskAsync(known, operation, request) is { } again) return again;
        return await FirstAsync(operation, request);
    }
}
