using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.JobLogs;
using Refrag.Jobs;
using Refrag.Monitoring;

namespace Refrag.Usage;

/// <summary>
/// Reads what a job has used: from the log that refrag's own server keeps of processes, else from the lines that <c>refrag exec</c> writes
/// into the job's log.
/// </summary>
/// <param name="batch">Describes the job's parts.</param>
/// <param name="logs">Holds the logs.</param>
/// <param name="time">The clock.</param>
public sealed class UsageReader(IAwsTransport batch, IAwsTransport logs, TimeProvider time)
{
    /// <summary>The most array children or nodes that are read: each is a request.</summary>
    public const int MostParts = 20;

    private const int AtOnce = 16;
    private const int LastLines = 100;
    private const int MostPages = 10;
    private const string Pattern = "\"refrag-usage\"";

    // Lines come at most ten minutes apart.
    private static readonly TimeSpan s_between = TimeSpan.FromMinutes(21);

    /// <summary>Whether the logs may be those of refrag's own server, or of this machine; AWS has no such group.</summary>
    public bool AsksOwnServer { get; init; } = true;

    /// <summary>Whether the logs can be searched; those of runs on this machine cannot.</summary>
    public bool CanSearch { get; init; } = true;

    /// <summary>
    /// What is known of the attempts of a job, of its first array children or of its nodes; empty if nothing is. Throws
    /// <see cref="AwsException"/> where it may not ask.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="all">Whether of all attempts; false for the newest of each part that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<PartUsage>> OfAsync(JobDetail job, bool all, CancellationToken cancellationToken)
    {
        List<PartUsage> found = [];
        foreach (JobDetail[] some in (await PartsAsync(job, cancellationToken)).Chunk(AtOnce))
        {
            foreach (IReadOnlyList<PartUsage> of in await Task.WhenAll(some.Select(part => OfPartAsync(part, all, cancellationToken))))
                found.AddRange(of);
        }
        return found;
    }

    private async Task<IReadOnlyList<JobDetail>> PartsAsync(JobDetail job, CancellationToken cancellationToken)
    {
        (char mark, int count) = (job.ArrayProperties?.Size ?? 0) > 0
            ? (':', job.ArrayProperties!.Size!.Value)
            : ('#', job.NodeProperties?.NumNodes ?? 0);
        if (count == 0 || JobStreams.PartOf(job) is not null) return [job];
        IEnumerable<string> ids = Enumerable.Range(0, Math.Min(count, MostParts))
            .Select(part => string.Create(CultureInfo.InvariantCulture, $"{job.JobId}{mark}{part}"));
        List<JobDetail> parts = [];
        await foreach (JobDetail part in new JobLister(batch).DescribeAsync(ids, cancellationToken)) parts.Add(part);
        return parts;
    }

    private async Task<IReadOnlyList<PartUsage>> OfPartAsync(JobDetail part, bool all, CancellationToken cancellationToken)
    {
        List<PartUsage> found = [];
        foreach (JobStream stream in JobStreams.Of(part).Reverse())
        {
            if (!all && found.Count > 0) break;
            if (await OfStreamAsync(part, stream, cancellationToken) is { } used)
                found.Add(new PartUsage(stream.Part, stream.Attempt, used));
        }
        return found;
    }

    private async Task<AttemptUsage?> OfStreamAsync(JobDetail part, JobStream stream, CancellationToken cancellationToken)
    {
        AttemptUsage? used = null;
        if (AsksOwnServer)
            used = await LastAsync(UsageLine.Group, UsageLine.StreamOf(stream.Name), 1, cancellationToken);
        if (used is not null || !MayReport(part)) return used;
        return await LastAsync(stream.Group, stream.Name, LastLines, cancellationToken)
            ?? (CanSearch ? await SearchAsync(part, stream, cancellationToken) : null);
    }

    // What refrag starts in its own image; another program writes no such lines, and its log is not searched for them.
    private static bool MayReport(JobDetail part) =>
        part.Container?.Command is ["exec", ..] or [_, "exec", ..] && JobStreams.AreKept(part);

    // Backwards from the end: a long log is not read for its last line.
    private async Task<AttemptUsage?> LastAsync(string group, string stream, int lines, CancellationToken cancellationToken)
    {
        try
        {
            GetLogEventsResponse page = await logs.SendAsync(
                LogsOperations.GetLogEvents,
                new GetLogEventsRequest { LogGroupName = group, LogStreamName = stream, StartFromHead = false, Limit = lines },
                cancellationToken);
            return (page.Events ?? []).Reverse().Select(line => UsageLine.Parse(line.Message ?? ""))
                .FirstOrDefault(used => used is not null);
        }
        catch (LogsException failure) when (failure.ErrorCode == LogsException.ResourceNotFound)
        {
            return null;
        }
    }

    // A job that prints much and was killed has its last line far from the end of its log.
    private async Task<AttemptUsage?> SearchAsync(JobDetail part, JobStream stream, CancellationToken cancellationToken)
    {
        long end = EndOf(part, stream) ?? time.GetUtcNow().ToUnixTimeMilliseconds();
        AttemptUsage? last = null;
        string? next = null;
        for (int page = 0; page < MostPages; page++)
        {
            FilterLogEventsResponse answer = await logs.SendAsync(
                LogsOperations.FilterLogEvents,
                new FilterLogEventsRequest
                {
                    LogGroupName = stream.Group,
                    LogStreamNames = [stream.Name],
                    FilterPattern = Pattern,
                    StartTime = end - (long)s_between.TotalMilliseconds,
                    NextToken = next,
                },
                cancellationToken);
            foreach (FilteredLogEvent line in answer.Events ?? []) last = UsageLine.Parse(line.Message ?? "") ?? last;
            if ((next = answer.NextToken) is null) break;
        }
        return last;
    }

    private static long? EndOf(JobDetail part, JobStream stream) =>
        part.Attempts?.ElementAtOrDefault(stream.Attempt - 1)?.StoppedAt is { } ended and > 0
            ? ended
            : JobStates.IsFinished(part.Status) ? part.StoppedAt : null;
}
