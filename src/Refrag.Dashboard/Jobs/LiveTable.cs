using Refrag.Dashboard.Streams;

namespace Refrag.Dashboard.Jobs;

/// <summary>
/// The jobs as they were read last, and the pages that follow them. Every change has a number; a page that starts gets all rows and the
/// number of the newest change in them. Safe to use from several threads at once.
/// </summary>
internal sealed class LiveTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, TableRow> _rows = new(StringComparer.Ordinal);
    private readonly List<FeedReader<TableChange>> _readers = [];
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
    public IReadOnlyList<TableRow> Where(Func<TableRow, bool> wanted)
    {
        lock (_lock) return [.. _rows.Values.Where(wanted)];
    }

    /// <summary>A row; null if there is none.</summary>
    public TableRow? Find(string id)
    {
        lock (_lock) return _rows.GetValueOrDefault(id);
    }

    /// <summary>Enters rows, each made from what is known of it. Rows that are as before change nothing.</summary>
    public void Put<T>(IEnumerable<T> read, Func<T, string> id, Func<T, TableRow?, TableRow> row)
    {
        lock (_lock)
        {
            List<TableRow> changed = [];
            foreach (T one in read)
            {
                TableRow? known = _rows.GetValueOrDefault(id(one));
                TableRow now = row(one, known);
                if (now == known) continue;
                _rows[now.Id] = now;
                changed.Add(now);
            }
            if (changed.Count > 0) Publish(new TableChange { Sequence = ++_sequence, Changed = changed });
        }
    }

    /// <summary>Removes rows.</summary>
    public void Remove(IEnumerable<string> ids)
    {
        lock (_lock)
        {
            string[] removed = [.. ids.Where(_rows.Remove)];
            if (removed.Length > 0) Publish(new TableChange { Sequence = ++_sequence, Removed = removed });
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
            Publish(new TableChange { Sequence = ++_sequence, Status = now });
        }
    }

    /// <summary>Begins to follow: all rows, and what brings the changes after them.</summary>
    public (IReadOnlyList<TableRow> Rows, long Sequence, ReadingStatus Status, FeedReader<TableChange> Changes) Follow()
    {
        lock (_lock)
        {
            FeedReader<TableChange> reader = new();
            _readers.Add(reader);
            return ([.. _rows.Values], _sequence, _status, reader);
        }
    }

    /// <summary>Ends that.</summary>
    public void Leave(FeedReader<TableChange> reader)
    {
        lock (_lock) _readers.Remove(reader);
    }

    /// <summary>Ends the streams of all pages that follow.</summary>
    public void End()
    {
        lock (_lock)
        {
            foreach (FeedReader<TableChange> reader in _readers) reader.End();
        }
    }

    private void Publish(TableChange change)
    {
        foreach (FeedReader<TableChange> reader in _readers) reader.Add(change);
    }
}
