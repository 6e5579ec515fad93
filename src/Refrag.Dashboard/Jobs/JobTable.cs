using Refrag.Dashboard.Streams;

namespace Refrag.Dashboard.Jobs;

/// <summary>
/// The jobs as they were read last, and the pages that follow them. Every change has a number; a page that starts gets all rows and the
/// number of the newest change in them. Safe to use from several threads at once.
/// </summary>
internal sealed class JobTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JobRow> _rows = new(StringComparer.Ordinal);
    private readonly List<FeedReader<JobChange>> _readers = [];
    private ReadingStatus _status = new();
    private long _sequence;

    /// <summary>How many rows it has.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _rows.Count;
        }
    }

    /// <summary>Whether a page follows it.</summary>
    public bool IsFollowed
    {
        get
        {
            lock (_lock) return _readers.Count > 0;
        }
    }

    /// <summary>Rows that are as wanted.</summary>
    public IReadOnlyList<JobRow> Where(Func<JobRow, bool> wanted)
    {
        lock (_lock) return [.. _rows.Values.Where(wanted)];
    }

    /// <summary>A row; null if there is none.</summary>
    public JobRow? Find(string id)
    {
        lock (_lock) return _rows.GetValueOrDefault(id);
    }

    /// <summary>Enters rows, each made from what is known of it. Rows that are as before change nothing.</summary>
    public void Put<T>(IEnumerable<T> read, Func<T, string> id, Func<T, JobRow?, JobRow> row)
    {
        lock (_lock)
        {
            List<JobRow> changed = [];
            foreach (T one in read)
            {
                JobRow? known = _rows.GetValueOrDefault(id(one));
                JobRow now = row(one, known);
                if (now == known) continue;
                _rows[now.Id] = now;
                changed.Add(now);
            }
            if (changed.Count > 0) Publish(new JobChange { Sequence = ++_sequence, Changed = changed });
        }
    }

    /// <summary>Removes rows.</summary>
    public void Remove(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            string[] removed = [.. ids.Where(_rows.Remove)];
            if (removed.Length > 0) Publish(new JobChange { Sequence = ++_sequence, Removed = removed });
        }
    }

    /// <summary>Enters how the reading stands.</summary>
    public void Report(Func<ReadingStatus, ReadingStatus> change)
    {
        lock (_lock)
        {
            ReadingStatus now = change(_status);
            if (now == _status) return;
            _status = now;
            Publish(new JobChange { Sequence = ++_sequence, Status = now });
        }
    }

    /// <summary>Begins to follow: all rows, and what brings the changes after them.</summary>
    public (IReadOnlyList<JobRow> Rows, long Sequence, ReadingStatus Status, FeedReader<JobChange> Changes) Follow()
    {
        lock (_lock)
        {
            FeedReader<JobChange> reader = new();
            _readers.Add(reader);
            return ([.. _rows.Values], _sequence, _status, reader);
        }
    }

    /// <summary>Ends that.</summary>
    public void Leave(FeedReader<JobChange> reader)
    {
        lock (_lock) _readers.Remove(reader);
    }

    private void Publish(JobChange change)
    {
        foreach (FeedReader<JobChange> reader in _readers) reader.Add(change);
    }
}
