using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Refrag.Engine.Jobs;

namespace Refrag.Engine.Logs;

/// <summary>All log streams. Jobs write and readers follow without going through the writer loop: lines are no state of Batch.</summary>
internal sealed class LogStore(long bytesPerStream)
{
    private const int MostAtOnce = 1000;
    private readonly ConcurrentDictionary<string, LogStream> _streams = new();
    private readonly ConcurrentDictionary<string, JobFeed> _feeds = new();

    /// <summary>Opens the feed of a submission.</summary>
    public void Open(string submissionId) => _feeds[submissionId] = new JobFeed();

    /// <summary>Says that a submission will print nothing more.</summary>
    public void Close(string submissionId) => _feeds[submissionId].Complete();

    /// <summary>Makes the stream of one node in one attempt.</summary>
    public LogStream Create(string name, string jobId, int attempt)
    {
        JobFeed feed = _feeds[JobIds.Submission(jobId)];
        LogStream stream = _streams[name] = new LogStream(name, jobId, attempt, bytesPerStream, feed);
        feed.Add(stream);
        return stream;
    }

    /// <summary>A stream by its name; null where there is none.</summary>
    public LogStream? Find(string name) => _streams.GetValueOrDefault(name);

    /// <summary>
    /// What a job prints, from the beginning to its end: of a whole submission, of an array's child or of a node. Lines of several streams come
    /// in the order of their times, as far as they were there together.
    /// </summary>
    public IAsyncEnumerable<LogEvent> FollowJob(string jobId, CancellationToken cancellationToken)
    {
        string submission = JobIds.Submission(jobId);
        return _feeds.TryGetValue(submission, out JobFeed? feed)
            ? Follow(feed, stream => submission == jobId || stream.JobId == jobId, cancellationToken)
            : throw new ArgumentException($"There is no job {jobId}.", nameof(jobId));
    }

    /// <summary>What one stream holds and gets, to its end.</summary>
    public IAsyncEnumerable<LogEvent> FollowStream(string name, CancellationToken cancellationToken) => Find(name) is { } wanted
        ? Follow(wanted.Feed, stream => stream == wanted, cancellationToken)
        : throw new ArgumentException($"There is no log stream {name}.", nameof(name));

    private static async IAsyncEnumerable<LogEvent> Follow(
        JobFeed feed, Func<LogStream, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursors = new List<Cursor>();
        int known = 0;
        while (true)
        {
            Task change = feed.NextChange();
            var (streams, isComplete) = feed.Since(known);
            known += streams.Count;
            cursors.AddRange(streams.Where(isWanted).Select(stream => new Cursor(stream)));
            List<LogEvent> batch = [.. cursors.SelectMany(cursor => cursor.Take(MostAtOnce)).OrderBy(line => line.Time)];
            cursors.RemoveAll(cursor => cursor.IsAtEnd);
            foreach (LogEvent line in batch) yield return line;
            if (isComplete && cursors.Count == 0) yield break;
            if (batch.Count == 0) await change.WaitAsync(cancellationToken);
        }
    }

    private sealed class Cursor(LogStream stream)
    {
        private long _next;

        public bool IsAtEnd { get; private set; }

        public IReadOnlyList<LogEvent> Take(int most)
        {
            var (events, isAtEnd) = stream.Read(_next, most);
            IsAtEnd = isAtEnd;
            if (events is [.., var last]) _next = last.Number + 1;
            return events;
        }
    }
}
