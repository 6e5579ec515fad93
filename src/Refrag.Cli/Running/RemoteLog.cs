using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Launching;

namespace Refrag.Cli.Running;

/// <summary>The log of a job that is followed, from CloudWatch Logs: each line once, in the order of its stream.</summary>
/// <param name="logs">Where the log is.</param>
/// <param name="handle">The job.</param>
/// <param name="context">Where lines go.</param>
/// <param name="toError">Whether lines go to standard error.</param>
/// <param name="prefix">What stands before each line of a part, given the part's id; null for the number of the part, where there are several.</param>
internal sealed class RemoteLog(ILogsTransport logs, JobHandle handle, CliContext context, bool toError, Func<string, string>? prefix = null)
{
    // More streams than this cannot be read by people; the rest is named once.
    private const int MostParts = 100;
    private const string DefaultGroup = "/aws/batch/job";

    // The agent sends what the container wrote last up to about five seconds after it ended.
    private static readonly TimeSpan s_lateLines = TimeSpan.FromSeconds(1);
    private const int LateReads = 5;

    private readonly Dictionary<string, string?> _positions = new(StringComparer.Ordinal);
    private bool _saidMore;
    private bool _saidUnreadable;

    /// <summary>Prints what is new. After the job's end it waits a little for what comes late.</summary>
    public async Task ReadAsync(JobDetail job, CancellationToken cancellationToken)
    {
        if (_saidUnreadable) return;
        SayMore(job);
        IReadOnlyList<JobDetail> parts = await handle.PartsAsync(job, MostParts, cancellationToken);
        bool finished = JobStates.IsFinished(job.Status);
        // What comes late may come in several pieces: the wait begins anew with each.
        for (int quiet = 0; ; quiet++)
        {
            bool any = false;
            foreach (JobDetail part in parts) any |= await ReadPartAsync(part, parts.Count > 1, cancellationToken);
            if (any) quiet = 0;
            if (!finished || quiet == LateReads || _saidUnreadable) return;
            await Task.Delay(s_lateLines, context.Time, cancellationToken);
        }
    }

    private async Task<bool> ReadPartAsync(JobDetail part, bool prefixed, CancellationToken cancellationToken)
    {
        string group = part.Container?.LogConfiguration?.Options?.GetValueOrDefault("awslogs-group") ?? DefaultGroup;
        IEnumerable<string?> streams = (part.Attempts ?? []).Select(a => a.Container?.LogStreamName).Append(part.Container?.LogStreamName);
        bool any = false;
        foreach (string stream in streams.OfType<string>().Where(s => s.Length > 0).Distinct(StringComparer.Ordinal))
            any |= await ReadStreamAsync(group, stream, Before(part.JobId, prefixed), cancellationToken);
        return any;
    }

    private async Task<bool> ReadStreamAsync(string group, string stream, string before, CancellationToken cancellationToken)
    {
        bool any = false;
        try
        {
            while (true)
            {
                string? position = _positions.GetValueOrDefault(stream);
                GetLogEventsResponse page = await logs.SendAsync(
                    LogsOperations.GetLogEvents,
                    new GetLogEventsRequest { LogGroupName = group, LogStreamName = stream, StartFromHead = true, NextToken = position },
                    cancellationToken);
                foreach (OutputLogEvent line in page.Events ?? []) Print(before + line.Message);
                any |= page.Events is { Count: > 0 };
                _positions[stream] = page.NextForwardToken;
                // The end of a stream answers with the token that was sent. (CloudWatch Logs API, GetLogEvents)
                if (page.NextForwardToken is null || page.NextForwardToken == position) return any;
            }
        }
        catch (LogsException failure) when (failure.ErrorCode == LogsException.ResourceNotFound)
        {
            // The stream comes into being with its first line.
            return any;
        }
        catch (AwsException failure) when (failure is not LogsException { IsRetryable: true } and not AwsConnectionException)
        {
            // Not allowed, mostly. What passes by itself is tried again with the next poll, from the same position.
            _saidUnreadable = true;
            context.Terminal.Note($"The log cannot be read, and the job is followed without it: {failure.Problem}");
            return any;
        }
        catch (AwsException)
        {
            return any;
        }
    }

    private string Before(string partId, bool prefixed) =>
        prefix?.Invoke(partId) ?? (prefixed ? $"[{partId[(partId.LastIndexOfAny([':', '#']) + 1)..]}] " : "");

    private void Print(string line)
    {
        if (toError) context.Terminal.Error(line);
        else context.Terminal.Output(line);
    }

    private void SayMore(JobDetail job)
    {
        int parts = Math.Max(job.ArrayProperties?.Size ?? 0, job.NodeProperties?.NumNodes ?? 0);
        if (_saidMore || parts <= MostParts) return;
        _saidMore = true;
        context.Terminal.Note($"Showing the logs of the first {MostParts} of {parts}.");
    }
}
