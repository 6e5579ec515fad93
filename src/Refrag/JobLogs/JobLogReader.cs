using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Monitoring;

namespace Refrag.JobLogs;

/// <summary>Which part of a job's log is wanted.</summary>
public sealed record LogChoice
{
    /// <summary>Only this attempt, from 1; null for all.</summary>
    public int? Attempt { get; init; }

    /// <summary>Only this array child or node; null for all.</summary>
    public int? Part { get; init; }

    /// <summary>Only lines of this time and later; null for all.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>
    /// How long after the end of an attempt lines of it may still come. Default: six seconds, for CloudWatch's agent sends what the
    /// container wrote last up to about five seconds after it ended; zero where an attempt ends only when its output is kept.
    /// </summary>
    public TimeSpan Late { get; init; } = TimeSpan.FromSeconds(6);
}

/// <summary>
/// Reads the log of a job from all its attempts, array children and nodes, again and again while the job runs. Parts that have ended
/// and given everything are asked no more.
/// </summary>
/// <param name="batch">Describes the job's parts.</param>
/// <param name="logs">Holds the log.</param>
/// <param name="time">The clock.</param>
/// <param name="choice">What is wanted.</param>
public sealed class JobLogReader(IAwsTransport batch, IAwsTransport logs, TimeProvider time, LogChoice choice)
{
    // The most streams that are merged by time; more of them go group by group.
    private const int MergedStreams = 100;

    private readonly LogTail _tail = new(logs, choice.Since);
    private readonly Dictionary<string, JobDetail> _ended = new(StringComparer.Ordinal);
    private readonly HashSet<JobStream> _exhausted = [];
    private readonly Dictionary<JobStream, DateTimeOffset> _quietSince = [];

    /// <summary>How many lines of the job's own were read so far.</summary>
    public long Lines { get; private set; }

    /// <summary>The parts of the job as they were seen last; the job itself where it has none.</summary>
    public IReadOnlyList<JobDetail> Parts { get; private set; } = [];

    /// <summary>Streams that are named but did not exist at the last reading.</summary>
    public IReadOnlyList<JobStream> Missing { get; private set; } = [];

    /// <summary>Whether the last reading left something of a stream for the next one, because of throttling or a lost connection.</summary>
    public bool IsInterrupted { get; private set; }

    /// <summary>
    /// Reads what is new. Whether there may be more: an attempt still runs, or ended so lately that its last lines may still be under way.
    /// </summary>
    public async Task<bool> ReadAsync(JobDetail job, Action<LogLine> line, CancellationToken cancellationToken)
    {
        Parts = await PartsAsync(job, cancellationToken);
        List<JobStream> missing = [];
        bool isInterrupted = false;
        bool more = !JobStates.IsFinished(job.Status);
        JobStream[] open = [.. Parts.SelectMany(p => JobStreams.Of(p, choice.Attempt)).Where(s => !_exhausted.Contains(s))];
        foreach (JobStream[] some in open.Chunk(MergedStreams))
        {
            HashSet<JobStream> spoke = [];
            LogReading reading = await _tail.ReadAsync(
                some,
                found =>
                {
                    spoke.Add(found.Stream);
                    // What it uses is no output of the job.
                    if (UsageLine.WithoutUsage(found.Text) is not { } text) return;
                    Lines++;
                    line(found with { Text = text });
                },
                cancellationToken);
            missing.AddRange(reading.Missing);
            isInterrupted |= reading.Interrupted.Count > 0;
            more |= isInterrupted | Settle([.. some.Where(s => !reading.Interrupted.Contains(s))], spoke);
        }
        (Missing, IsInterrupted) = (missing, isInterrupted);
        return more;
    }

    // A stream is done when its attempt has ended and nothing came for a while. What comes late may come in pieces: the wait begins anew
    // with each.
    private bool Settle(JobStream[] streams, HashSet<JobStream> spoke)
    {
        bool waits = false;
        HashSet<(int?, int)> running = [.. Parts.Where(p => !JobStates.IsFinished(p.Status))
            .Select(p => (JobStreams.PartOf(p), (p.Attempts?.Count ?? 0) + 1))];
        foreach (JobStream stream in streams)
        {
            bool runs = running.Contains((stream.Part, stream.Attempt));
            // The job was asked about before the stream was read to its end: without late lines that was everything.
            if (!runs && choice.Late == TimeSpan.Zero) _exhausted.Add(stream);
            else if (runs || spoke.Contains(stream) || !_quietSince.TryGetValue(stream, out DateTimeOffset since))
                _quietSince[stream] = time.GetUtcNow();
            else if (time.GetUtcNow() - since >= choice.Late) _exhausted.Add(stream);
            waits |= !_exhausted.Contains(stream);
        }
        return waits;
    }

    private async Task<IReadOnlyList<JobDetail>> PartsAsync(JobDetail job, CancellationToken cancellationToken)
    {
        (char mark, int count) = (job.ArrayProperties?.Size ?? 0) > 0
            ? (':', job.ArrayProperties!.Size!.Value)
            : ('#', job.NodeProperties?.NumNodes ?? 0);
        if (count == 0) return [job];
        int[] numbers = choice.Part is { } part ? [part] : [.. Enumerable.Range(0, count)];
        IEnumerable<string> unknown =
            numbers.Select(n => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{job.JobId}{mark}{n}"))
                .Where(id => !_ended.ContainsKey(id));
        List<JobDetail> parts = [];
        await foreach (JobDetail found in new JobLister(batch).DescribeAsync(unknown, cancellationToken))
        {
            if (JobStates.IsFinished(found.Status)) _ended[found.JobId] = found;
            else parts.Add(found);
        }
        return [.. _ended.Values.Concat(parts).OrderBy(p => JobStreams.PartOf(p))];
    }
}
