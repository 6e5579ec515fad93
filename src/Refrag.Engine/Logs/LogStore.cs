using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Refrag.Engine.Names;

namespace Refrag.Engine.Logs;

/// <summary>
/// All log streams. Jobs write and readers follow without going through the writer loop: lines are no state of Batch. With a folder they
/// outlive the engine, and only those that are being written or read take memory; without one they live in memory.
/// </summary>
/// <param name="bytesPerStream">The most that is kept of one stream: bytes of memory, or of files where there is a folder. The oldest lines
/// go first.</param>
/// <param name="folder">Where they are kept; null for memory only. One store at a time may have it.</param>
/// <param name="time">The clock; null for the system's.</param>
/// <param name="isMirror">Whether the folder is a copy for others: everything is kept in memory as well, and a folder that fails costs
/// nothing here.</param>
/// <param name="workFolder">Where the attempts' folders are, which go with their logs; null for none.</param>
/// <param name="arns">The ARNs of the engine; null for the usual ones.</param>
internal sealed class LogStore(long bytesPerStream, string? folder = null, TimeProvider? time = null, bool isMirror = false,
    string? workFolder = null, LocalArns? arns = null)
{
    private const int MostAtOnce = 1000;
    private const int MostTimes = 65_536;
    private readonly ConcurrentDictionary<string, LogStream> _streams = new();

    // Those that are in the folder's list and not yet among the streams.
    private readonly ConcurrentDictionary<string, bool> _begun = new();
    private readonly ConcurrentDictionary<string, JobFeed> _feeds = new();
    private readonly Dictionary<string, LogTimes?> _times = [];
    private readonly Lock _timesLock = new();
    private readonly LogFolder? _folder = folder is null ? null : LogFolder.At(folder, isMirror);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private volatile bool _isEnding;

    /// <summary>The ARNs of the engine.</summary>
    public LocalArns Arns { get; } = arns ?? LocalArns.Usual;

    /// <summary>The folders that attempts start in.</summary>
    public WorkFolders Work { get; } = new(workFolder);

    /// <summary>The groups that callers made.</summary>
    public LogGroups Groups { get; } = new(isMirror ? null : folder);

    /// <summary>Called when there are files for <see cref="RemoveForgotten"/>.</summary>
    public Action? StreamsForgotten { get; set; }

    /// <summary>The time.</summary>
    public DateTimeOffset Now => _time.GetUtcNow();

    /// <summary>Opens the feed of a submission: before its first stream, and again for each that continues after a restart.</summary>
    public void Open(string submissionId) => _feeds.TryAdd(submissionId, new JobFeed());

    /// <summary>
    /// Says that a submission will print nothing more. With a folder its feed and its streams leave the memory; its streams are found by
    /// their names.
    /// </summary>
    public void Close(string submissionId)
    {
        if (!_feeds.TryGetValue(submissionId, out JobFeed? feed)) return;
        feed.Complete();
        if (_folder is not null && !isMirror) Forget(submissionId);
    }

    /// <summary>Drops what the memory holds of a submission.</summary>
    public void Forget(string submissionId)
    {
        if (!_feeds.TryRemove(submissionId, out JobFeed? feed)) return;
        foreach (LogStream stream in feed.Since(0).Streams)
        {
            if (_folder is not null) Note(stream);
            _streams.TryRemove(stream.Name, out _);
            _streams.TryRemove(UsageLine.StreamOf(stream.Name), out _);
        }
    }

    /// <summary>
    /// Makes the stream of one node in one attempt, or, with a folder, continues with the one that is there. The submission's feed is open.
    /// </summary>
    public LogStream Create(string name, string jobId, int attempt, string group = LogStreamInfo.UsualGroup)
    {
        JobFeed feed = _feeds[JobIds.Submission(jobId)];
        lock (_timesLock) _times.Remove(name);
        LogStream stream = Begin(new LogStreamInfo(name, jobId, attempt, _time.GetUtcNow(), group), (info, lines) =>
            new LogStream(info, lines, feed) { OpenUsage = () => CreateUsage(name, jobId, attempt) });
        feed.Add(stream);
        return stream;
    }

    // Beside the feed: whoever follows a job wants what it prints.
    private LogStream CreateUsage(string logStream, string jobId, int attempt) => Begin(
        new LogStreamInfo(UsageLine.StreamOf(logStream), jobId, attempt, _time.GetUtcNow(), UsageLine.Group),
        static (info, lines) => new LogStream(info, lines, new JobFeed()));

    private LogStream Begin(LogStreamInfo info, Func<LogStreamInfo, ILogLines, LogStream> make)
    {
        _begun[info.Name] = true;
        try
        {
            bool isWritten = Add(ref info);
            return _streams[info.Name] = make(info, isWritten ? Lines(info) : new MemoryLines(bytesPerStream));
        }
        finally
        {
            _begun.TryRemove(info.Name, out _);
        }
    }

    /// <summary>
    /// Puts a stream that is complete back into its submission's feed, so that who follows the submission after a restart sees it too.
    /// </summary>
    public void Restore(string name, string jobId, int attempt) => Create(name, jobId, attempt).Complete();

    /// <summary>A stream by its name; null if there is none.</summary>
    public LogStream? Find(string name)
    {
        if (_streams.TryGetValue(name, out LogStream? stream)) return stream;
        if (_folder?.Find(name) is not { } info) return null;
        // It may have begun since: what is written now has not finished.
        return _streams.TryGetValue(name, out stream) ? stream : Finished(info);
    }

    /// <summary>
    /// When a stream's lines were printed; null if it has none. What has ended is opened once for it: thousands of files for one request
    /// are too many.
    /// </summary>
    public LogTimes? Times(LogStreamInfo info)
    {
        if (_streams.TryGetValue(info.Name, out LogStream? stream)) return stream.Times;
        lock (_timesLock)
        {
            if (_times.TryGetValue(info.Name, out LogTimes? known)) return known;
        }
        return Find(info.Name) is { } ended ? Note(ended) : null;
    }

    /// <summary>All streams, or those whose names begin so. Reads the whole list where there is a folder; one may come twice.</summary>
    public IEnumerable<LogStreamInfo> List(string prefix = "") =>
        (_folder is null || (isMirror && !_streams.IsEmpty) ? _streams.Values.Select(stream => stream.Info) : _folder.All()).Where(
            info => info.Name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>
    /// Removes the streams that were made before a time, with their lines, except those that jobs still print to. Gives how many. Without a
    /// folder it does nothing.
    /// </summary>
    public int Prune(DateTimeOffset before)
    {
        // What is left of earlier ones makes room for the lists.
        RemoveForgotten();
        int forgotten = Forget(info => info.CreatedAt < before);
        RemoveForgotten();
        return forgotten;
    }

    /// <summary>
    /// Removes the streams of a group, except those that jobs still print to. They are gone at once; their files wait for
    /// <see cref="RemoveForgotten"/>.
    /// </summary>
    public void RemoveStreams(string group)
    {
        foreach (LogStream stream in _streams.Values.Where(one => one.Info.Group == group && one.IsComplete))
            _streams.TryRemove(stream.Name, out _);
        if (Forget(info => info.Group == group) > 0) StreamsForgotten?.Invoke();
    }

    /// <summary>Removes the files of the streams that are forgotten. Called by one thread at a time.</summary>
    public void RemoveForgotten()
    {
        if (!isMirror) _folder?.RemoveForgotten(Work.Remove, () => _isEnding);
    }

    /// <summary>Says that no more is to be removed; the next store on the folder does it.</summary>
    public void StopRemoving() => _isEnding = true;

    private int Forget(Func<LogStreamInfo, bool> isUnwanted) =>
        isMirror || _folder is null ? 0 : _folder.Forget(info => !isUnwanted(info) || IsWritten(info.Name));

    private bool IsWritten(string name) => _begun.ContainsKey(name) || _streams.ContainsKey(name);

    /// <summary>
    /// What a job prints, from the beginning to its end: of a whole submission, of an array's child or of a node. Lines of several streams
    /// come in the order of their times, as far as they were there together.
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
        ? Follow(wanted.Feed, stream => stream.Name == name, cancellationToken)
        : throw new ArgumentException($"There is no log stream {name}.", nameof(name));

    /// <summary>What streams of a job that has ended hold, in the order of time; names that no stream has are left out.</summary>
    public IAsyncEnumerable<LogEvent> FollowEnded(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var feed = new JobFeed();
        foreach (LogStream stream in names.Select(Find).OfType<LogStream>()) feed.Add(stream);
        feed.Complete();
        return Follow(feed, _ => true, cancellationToken);
    }

    private ILogLines Lines(LogStreamInfo info)
    {
        if (_folder is null) return new MemoryLines(bytesPerStream);
        var file = new FileLines(_folder.Of(info.Name), info, bytesPerStream);
        return isMirror ? new MirroredLines(new MemoryLines(bytesPerStream), file) : file;
    }

    private LogTimes? Note(LogStream stream)
    {
        LogTimes? times = stream.Times;
        lock (_timesLock)
        {
            // They can be read again, and memory that only grows cannot be had back.
            if (_times.Count >= MostTimes) _times.Clear();
            _times[stream.Name] = times;
        }
        return times;
    }

    // A copy that cannot be written must not stop the job whose lines it would hold.
    private bool Add(ref LogStreamInfo info)
    {
        try
        {
            if (_folder is not null) info = _folder.Add(info);
            return true;
        }
        catch (Exception e) when (isMirror && e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private LogStream Finished(LogStreamInfo info)
    {
        var feed = new JobFeed();
        // What has ended is read where it lies.
        var stream = new LogStream(info, _folder is null ? Lines(info) : new FileLines(_folder.Of(info.Name), info, bytesPerStream), feed);
        feed.Add(stream);
        feed.Complete();
        stream.Complete();
        return stream;
    }

    private static async IAsyncEnumerable<LogEvent> Follow(
        JobFeed feed, Func<LogStream, bool> isWanted, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursors = new List<LogCursor>();
        int known = 0;
        while (true)
        {
            Task change = feed.NextChange();
            var (streams, isComplete) = feed.Since(known);
            known += streams.Count;
            cursors.AddRange(streams.Where(isWanted).Select(stream => new LogCursor(stream)));
            List<LogEvent> batch = [.. cursors.SelectMany(cursor => cursor.Read(MostAtOnce)).OrderBy(line => line.Time)];
            cursors.RemoveAll(cursor => cursor.IsAtEnd);
            foreach (LogEvent line in batch) yield return line;
            if (isComplete && cursors.Count == 0) yield break;
            if (batch.Count == 0) await change.WaitAsync(cancellationToken);
        }
    }
}
