using Refrag.CodeArchives;

namespace Refrag.Results;

/// <summary>
/// Stores the files of an attempt's output directory: what changed since the last time, each file as it was at one moment. An attempt
/// begins with what the last one before it has stored. Calls follow one another.
/// </summary>
/// <param name="store">The store.</param>
/// <param name="place">The job's place in it.</param>
/// <param name="attempt">The attempt, from 1.</param>
/// <param name="folder">The output directory, absolute.</param>
/// <param name="time">The clock.</param>
/// <param name="note">Takes a line for whoever reads the job's log.</param>
public sealed class ResultSync(
    IResultStore store, ResultPlace place, int attempt, string folder, TimeProvider time, Action<string> note)
{
    // Each has a part of a file in memory, beside the job.
    private const int AtOnce = 4;
    private const int Tries = 3;

    // As many files that the store refuses one after another say that it takes none now.
    private const int MostRefused = 20;

    // A file that changed as recently as this may change again without another time: file systems keep times in steps.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2);

    // How much of a long synchronisation is lost where it is killed.
    private static readonly TimeSpan s_indexPace = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Stored> _stored = new(StringComparer.Ordinal);
    private readonly HashSet<string> _obsolete = new(StringComparer.Ordinal);
    private readonly HashSet<string> _noted = new(StringComparer.Ordinal);
    // What the store refused the last time: others go before it.
    private readonly HashSet<string> _refused = new(StringComparer.Ordinal);
    private bool _isIndexOld = true;
    private bool _mayPass;
    private int _indexing;
    private long _indexedAt;

    /// <summary>The URL of what the attempt stores.</summary>
    public string Url => store.UrlOf(place.FolderOf(attempt));

    /// <summary>Whether the problem of the last call may be gone after a while.</summary>
    public bool MayPass => Volatile.Read(ref _mayPass);

    /// <summary>
    /// Brings what the last attempt before this one has stored into the directory, and writes the first index: a store that cannot be
    /// written to is found before the command starts. RF8034 or RF8035 if either fails.
    /// </summary>
    public async Task<Problem?> BeginAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _mayPass, false);
        try
        {
            for (int earlier = attempt - 1; earlier >= 1; earlier--)
            {
                if (await ResultIndex.ReadAsync(store, place, earlier, cancellationToken) is not { } index) continue;
                await RestoreAsync(index, cancellationToken);
                string begins = $"Results: attempt {attempt} begins with {CodeProblems.Count(index.Files.Count)} of attempt {earlier}, "
                    + $"{CodeProblems.Size(index.Files.Sum(file => file.Bytes))}.";
                if (index.Files.Count > 0 && _noted.Add(begins)) note(begins);
                break;
            }
        }
        catch (Exception fault) when (ResultStores.IsFault(fault))
        {
            return ResultProblems.NotRestored(store.UrlOf(place.FolderOf(attempt - 1)), Why(fault));
        }
        return await IndexAsync(cancellationToken);
    }

    /// <summary>
    /// Stores what changed. RF8035 if the store does not have all of the directory now: what it refuses does not keep it from the rest.
    /// </summary>
    public async Task<Problem?> StoreAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _mayPass, false);
        // Files that belong together are stored in one pass; only one that takes long is indexed before its end.
        Volatile.Write(ref _indexedAt, time.GetTimestamp());
        OutputListing listing;
        try
        {
            listing = OutputListing.Of(folder);
        }
        catch (Exception fault) when (ResultStores.IsFault(fault))
        {
            return ResultProblems.NotStored(Url, [Why(fault)]);
        }
        foreach (string left in listing.Left.Where(_noted.Add)) note($"Results: {left} is not stored.");
        Forget(listing);
        FoundFile[] changed = [.. listing.Files.Where(HasChanged)
            .OrderBy(file => _refused.Contains(file.Path)).ThenBy(file => file.Modified)];
        await MakeRoomAsync(changed, cancellationToken);
        List<string> failed = [.. listing.Failed, .. await StoreAsync(changed, cancellationToken)];
        if (await IndexAsync(cancellationToken) is { } problem) return problem;
        string[] obsolete;
        lock (_lock) obsolete = [.. _obsolete];
        await RemoveAsync(obsolete, cancellationToken);
        return failed.Count > 0 ? ResultProblems.NotStored(Url, failed) : null;
    }

    // The reasons why files are not stored, by their paths; the store's each once.
    private async Task<List<string>> StoreAsync(FoundFile[] changed, CancellationToken cancellationToken)
    {
        List<(string Path, string Why)> failed = [];
        List<(string Path, string Why)> refused = [];
        int refusedInARow = 0;
        bool isGivenUp = false;
        await Parallel.ForEachAsync(
            changed, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (file, token) =>
            {
                if (Volatile.Read(ref isGivenUp)) return;
                try
                {
                    if (await StoreAsync(file, token) is { } why) lock (_lock) failed.Add((file.Path, why));
                    Volatile.Write(ref refusedInARow, 0);
                }
                catch (Exception fault) when (ResultStores.IsFault(fault))
                {
                    lock (_lock) refused.Add((file.Path, Why(fault)));
                    if (Interlocked.Increment(ref refusedInARow) >= MostRefused) Volatile.Write(ref isGivenUp, true);
                    return;
                }
                await IndexNowAndThenAsync(token);
            });
        _refused.Clear();
        _refused.UnionWith(refused.Select(one => one.Path));
        return [.. failed.Concat(refused.OrderBy(one => one.Path, StringComparer.Ordinal).DistinctBy(one => one.Why))
            .OrderBy(one => one.Path, StringComparer.Ordinal).Select(one => $"{one.Path}: {one.Why}")];
    }

    // What the job has removed is in the way of what lies below it, or above it, now: a folder of a store is one on a disk.
    private async Task MakeRoomAsync(FoundFile[] changed, CancellationToken cancellationToken)
    {
        string[] inTheWay;
        lock (_lock)
        {
            if (_obsolete.Count == 0) return;
            HashSet<string> paths = changed.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
            HashSet<string> above = paths.SelectMany(ResultIndex.Above).ToHashSet(StringComparer.Ordinal);
            inTheWay = [.. _obsolete.Where(path => above.Contains(path) || ResultIndex.IsBelow(path, paths))];
        }
        // No index may name what is removed.
        if (inTheWay.Length > 0 && await IndexAsync(cancellationToken) is null) await RemoveAsync(inTheWay, cancellationToken);
    }

    // Files first, and links after them, one by one: nothing is written through a link.
    private async Task RestoreAsync(ResultIndex index, CancellationToken cancellationToken)
    {
        ResultFolder output = new(folder, store, place, isSynced: false);
        await Parallel.ForEachAsync(
            index.Files.Where(file => file.Link is null),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (file, token) => await RestoreAsync(output, file, token));
        foreach (ResultFile link in index.Files.Where(file => file.Link is not null))
            await RestoreAsync(output, link, cancellationToken);
    }

    private async Task RestoreAsync(ResultFolder output, ResultFile file, CancellationToken cancellationToken)
    {
        (ResultFile had, _) = await output.BringAsync(file, cancellationToken);
        Keep(new Stored(had, had.Modified.UtcDateTime, IsSettled: true));
    }

    // Why it cannot be stored now; null if it is, or is gone. What the store says is thrown.
    private async Task<string?> StoreAsync(FoundFile found, CancellationToken cancellationToken)
    {
        if (found.Link is not null)
        {
            Keep(new Stored(new ResultFile { Path = found.Path, Attempt = attempt, Link = found.Link }, found.Modified, IsSettled: true));
            return null;
        }
        for (int tries = 1; ; tries++)
        {
            try
            {
                await StoreOnceAsync(found.Path, cancellationToken);
                return null;
            }
            catch (OutputFileException fault) when (fault.Fault is OutputFault.Changed && tries < Tries)
            {
                continue;
            }
            catch (OutputFileException fault)
            {
                return fault.Fault is OutputFault.Gone ? null : fault.Message;
            }
        }
    }

    private async Task StoreOnceAsync(string path, CancellationToken cancellationToken)
    {
        using OutputFile file = OutputFile.Open(Path.Combine(folder, path));
        bool isSettled = (time.GetUtcNow().UtcDateTime - file.Modified) > s_settled;
        string digest = await file.DigestAsync(cancellationToken);
        ResultFile stored = new()
        {
            Path = path,
            Attempt = attempt,
            Bytes = file.Bytes,
            Modified = new DateTimeOffset(file.Modified),
            Sha256 = digest,
        };
        if (Find(path) is { File: { Link: null } had } && had.Sha256 == digest && had.Bytes == file.Bytes)
        {
            Keep(new Stored(stored with { Attempt = had.Attempt }, file.Modified, isSettled));
            return;
        }
        await using Stream content = file.Read(digest);
        await store.PutAsync(place.NameOf(attempt, path), content, file.Bytes, cancellationToken);
        Keep(new Stored(stored, file.Modified, isSettled));
    }

    private bool HasChanged(FoundFile found) => Find(found.Path) is not { IsSettled: true } stored
        || stored.Modified != found.Modified || stored.File.Bytes != found.Bytes || stored.File.Link != found.Link;

    private Stored? Find(string path)
    {
        lock (_lock) return _stored.GetValueOrDefault(path);
    }

    private void Keep(Stored stored)
    {
        lock (_lock)
        {
            ResultFile? had = _stored.GetValueOrDefault(stored.File.Path)?.File;
            _isIndexOld |= had != stored.File;
            _stored[stored.File.Path] = stored;
            if (stored.File.Link is null) _obsolete.Remove(stored.File.Path);
            else if (had is { Link: null } && had.Attempt == attempt) _obsolete.Add(stored.File.Path);
        }
    }

    // What is not in the directory any more.
    private void Forget(OutputListing listing)
    {
        HashSet<string> there = [.. listing.Files.Select(file => file.Path)];
        lock (_lock)
        {
            foreach (ResultFile gone in _stored.Values.Select(stored => stored.File).Where(file => !there.Contains(file.Path)).ToList())
            {
                if (!listing.IsGone(folder, gone.Path)) continue;
                _stored.Remove(gone.Path);
                _isIndexOld = true;
                if (gone.Link is null && gone.Attempt == attempt) _obsolete.Add(gone.Path);
            }
        }
    }

    private async Task IndexNowAndThenAsync(CancellationToken cancellationToken)
    {
        if (time.GetElapsedTime(Volatile.Read(ref _indexedAt)) < s_indexPace || Interlocked.Exchange(ref _indexing, 1) != 0) return;
        try
        {
            // A fault shows with the next file, or at the end.
            _ = await IndexAsync(cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _indexing, 0);
        }
    }

    private async Task<Problem?> IndexAsync(CancellationToken cancellationToken)
    {
        ResultIndex index;
        lock (_lock)
        {
            if (!_isIndexOld) return null;
            _isIndexOld = false;
            HashSet<string> paths = _stored.Keys.ToHashSet(StringComparer.Ordinal);
            index = new ResultIndex
            {
                Version = ResultIndex.ThisVersion,
                At = time.GetUtcNow(),
                // A path that changed its kind since it was stored may be there twice until the next time.
                Files = [.. _stored.Values.Select(stored => stored.File).Where(file => !ResultIndex.IsBelow(file.Path, paths))
                    .OrderBy(file => file.Path, StringComparer.Ordinal)],
            };
        }
        bool isWritten = false;
        try
        {
            await index.WriteAsync(store, place, attempt, cancellationToken);
            Volatile.Write(ref _indexedAt, time.GetTimestamp());
            isWritten = true;
            return null;
        }
        catch (Exception fault) when (ResultStores.IsFault(fault))
        {
            return ResultProblems.NotStored(Url, [Why(fault)]);
        }
        finally
        {
            if (!isWritten) lock (_lock) _isIndexOld = true;
        }
    }

    // What no index names. It is not the job's fault if the store does not allow that.
    private async Task RemoveAsync(string[] paths, CancellationToken cancellationToken)
    {
        try
        {
            foreach (string path in paths)
            {
                await store.RemoveAsync(place.NameOf(attempt, path), cancellationToken);
                lock (_lock) _obsolete.Remove(path);
            }
        }
        catch (Exception fault) when (ResultStores.IsFault(fault))
        {
            string why = $"Results: what the job has removed stays in the store: {ResultStores.Why(fault)}";
            if (_noted.Add(why)) note(why);
        }
    }

    // The reason, for a user; and whether it may pass is remembered.
    private string Why(Exception fault)
    {
        if (ResultStores.MayPass(fault)) Volatile.Write(ref _mayPass, true);
        return ResultStores.Why(fault);
    }

    /// <summary>What the store has of a path, and the time of the file that it was read from.</summary>
    private sealed record Stored(ResultFile File, DateTime Modified, bool IsSettled);
}
