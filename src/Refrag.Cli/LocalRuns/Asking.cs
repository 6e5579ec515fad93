using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;

namespace Refrag.Cli.LocalRuns;

/// <summary>One request to all runs.</summary>
internal sealed class Asking(AllRuns runs, AwsOperation operation, CancellationToken cancellationToken)
{
    /// <summary>The runs, the newest first.</summary>
    public IReadOnlyList<KnownRun> Newest { get; } = runs.Newest();

    /// <summary>Remembers whose a job is.</summary>
    public void Remember(string job, KnownRun run) => runs.Remember(job, run);

    /// <summary>A run's answer; null where it cannot be asked, or refuses because it does not know what is asked about.</summary>
    public async Task<object?> AskAsync(KnownRun run, object request)
    {
        try
        {
            return await run.AskAsync(operation, request, cancellationToken);
        }
        catch (AwsServiceException failure) when (failure is BatchException { ErrorCode: BatchException.ClientException } or LogsException { ErrorCode: LogsException.ResourceNotFound })
        {
            return null;
        }
    }

    /// <summary>The answer of an engine without jobs.</summary>
    public Task<object> EmptyAsync(object request) => operation is IAnsweredBy<IBatchTransport> ofBatch
        ? ofBatch.AnswerAsync(runs.Empty(), request, cancellationToken)
        : ((IAnsweredBy<ILogsTransport>)operation).AnswerAsync(runs.Empty(), request, cancellationToken);

    /// <summary>The answer of the first run that has one.</summary>
    public async Task<object> FirstAsync(object request)
    {
        foreach (KnownRun run in Newest)
        {
            if (await AskAsync(run, request) is { } answer) return answer;
        }
        return await EmptyAsync(request);
    }

    /// <summary>The answer of the run that has a log stream.</summary>
    public async Task<object> OfStreamAsync(string stream, object request)
    {
        if (runs.WhoseIs(stream) is { } known && await AskAsync(known, request) is { } again) return again;
        foreach (KnownRun run in Newest)
        {
            if (await AskAsync(run, request) is not { } answer) continue;
            runs.Remember(stream, run);
            return answer;
        }
        return await EmptyAsync(request);
    }

    /// <summary>The answer of the run that has a job.</summary>
    public async Task<object> OfJobAsync(string job, object request)
    {
        if (runs.WhoseIs(job) is { } known && await AskAsync(known, request) is { } again) return again;
        return await FirstAsync(request);
    }
}
