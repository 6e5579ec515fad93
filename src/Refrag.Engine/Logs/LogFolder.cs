using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Refrag.Engine.Logs;

/// <summary>
/// The folder of a durable store: a list of all streams (<c>streams.jsonl</c>, one line each, in the order in which they were made), and a
/// folder for each stream with what it is (<c>stream.json</c>) and its lines. The folder's name is a hash of the stream's name, so that no
/// name, whatever is in it, becomes a path.
/// <para>
/// Streams go in two steps, because attempts begin meanwhile and must not wait for the removal of thousands of folders: they leave the
/// list and are noted in another (<c>forgotten.jsonl</c>), and their folders are removed afterwards. What the first list names is there,
/// whatever the second says.
/// </para>
/// </summary>
internal sealed class LogFolder
{
    private const string InfoName = "stream.json";
    private const int HashedBytes = 20;
    private const int SpreadLength = 2;
    private const int MostToMakeRoom = 100;
    private readonly Lock _lock = new();
    private readonly Lock _forgettingLock = new();
    private readonly string _root;
    private readonly string _removed;
    private readonly StreamList _list;
    private readonly StreamList _forgottenList;

    // The streams that are forgotten and whose folders are still there.
    private readonly ConcurrentDictionary<string, bool> _forgotten = new();

    public LogFolder(string root)
    {
        _root = root;
        _removed = Path.Combine(root, "removed");
        _list = new StreamList(Path.Combine(root, "streams.jsonl"));
        _forgottenList = new StreamList(Path.Combine(root, "forgotten.jsonl"));
        PrivateFiles.CreateFolder(root);
        foreach (LogStreamInfo info in _forgottenList.All()) _forgotten[info.Name] = true;
        if (_forgotten.IsEmpty) return;
        foreach (LogStreamInfo info in _list.All()) _forgotten.TryRemove(info.Name, out _);
    }

    /// <summary>The folder; of a mirror null if it cannot be made.</summary>
    public static LogFolder? At(string root, bool isMirror)
    {
        try
        {
            return new LogFolder(root);
        }
        catch (Exception e) when (isMirror && e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Where a stream's lines are.</summary>
    public string Of(string streamName)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(streamName)).AsSpan(0, HashedBytes));
        return Path.Combine(_root, hash[..SpreadLength], hash[SpreadLength..]);
    }

    /// <summary>Makes a new stream's folder and notes it; or gives what is known of the one that is there.</summary>
    public LogStreamInfo Add(LogStreamInfo info)
    {
        if (Find(info.Name) is { } known) return known;
        string folder = Of(info.Name);
        string text = JsonSerializer.Serialize(info, LogStreamJson.Default.LogStreamInfo);
        // Together: what is noted may be forgotten at once, and its folder removed.
        lock (_lock)
        {
            // One of that name that was forgotten leaves nothing to it.
            if (_forgotten.TryRemove(info.Name, out _)) PrivateFiles.RemoveFolder(folder);
            PrivateFiles.CreateFolder(folder);
            _list.Add(text);
            PrivateFiles.WriteAllText(Path.Combine(folder, InfoName), text);
        }
        return info;
    }

    /// <summary>All streams, read from the list as they are asked for; none of them stays in memory. One may come twice.</summary>
    public IEnumerable<LogStreamInfo> All() => _list.All();

    /// <summary>One stream by its name; null if there is none.</summary>
    public LogStreamInfo? Find(string name)
    {
        if (_forgotten.ContainsKey(name)) return null;
        try
        {
            return StreamList.Parse(File.ReadAllBytes(Path.Combine(Of(name), InfoName)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>
    /// Forgets the streams that are not wanted any more: they are neither listed nor found. Their folders wait for
    /// <see cref="RemoveForgotten"/>, if need be of the next process. A stream that begins meanwhile stays. Gives how many were forgotten.
    /// </summary>
    /// <param name="isWanted">Whether a stream stays.</param>
    public int Forget(Func<LogStreamInfo, bool> isWanted)
    {
        lock (_forgettingLock)
        {
            try
            {
                return ForgetAll(isWanted);
            }
            catch (IOException) when (TryMakeRoom(isWanted))
            {
                return ForgetAll(isWanted);
            }
        }
    }

    // On a full disk there is no room for the lists until something is gone.
    private bool TryMakeRoom(Func<LogStreamInfo, bool> isWanted)
    {
        bool isAny = false;
        foreach (LogStreamInfo info in _list.All().Where(info => !isWanted(info)).Take(MostToMakeRoom))
        {
            isAny = true;
            lock (_lock)
            {
                if (!isWanted(info)) TryRemoveFolder(Of(info.Name));
            }
        }
        return isAny;
    }

    private int ForgetAll(Func<LogStreamInfo, bool> isWanted)
    {
        List<string> names = [];
        try
        {
            Forget(isWanted, names);
            return names.Count;
        }
        catch
        {
            // They are still in the list.
            foreach (string name in names) _forgotten.TryRemove(name, out _);
            throw;
        }
    }

    private void Forget(Func<LogStreamInfo, bool> isWanted, List<string> names)
    {
        using FileStream kept = _list.OpenNext();
        using FileStream forgotten = _forgottenList.OpenEnd();
        long end = LengthOfList();
        foreach (ReadOnlyMemory<byte> line in _list.Lines(0, end))
        {
            if (StreamList.Parse(line.Span) is not { } info) continue;
            bool isKept = isWanted(info);
            StreamList.Write(isKept ? kept : forgotten, line);
            if (isKept) continue;
            names.Add(info.Name);
            _forgotten[info.Name] = true;
        }
        forgotten.Flush();
        lock (_lock)
        {
            // What has begun since.
            foreach (ReadOnlyMemory<byte> line in _list.Lines(end, _list.Length)) StreamList.Write(kept, line);
            kept.Flush();
            _list.Replace();
        }
    }

    /// <summary>Removes the folders of what is forgotten, until there is no more or it is to stop. One caller at a time.</summary>
    /// <param name="remove">Removes what belongs to a stream besides.</param>
    /// <param name="isToStop">Whether the rest is left to the next call.</param>
    public void RemoveForgotten(Action<LogStreamInfo> remove, Func<bool> isToStop)
    {
        for (long from = 0, to; ; from = to)
        {
            lock (_forgettingLock)
            {
                to = _forgottenList.Length;
                if (from == to)
                {
                    // Else something could not be removed.
                    if (_forgotten.IsEmpty) _forgottenList.Delete();
                    TryRemoveFolder(_removed);
                    return;
                }
            }
            foreach (ReadOnlyMemory<byte> line in _forgottenList.Lines(from, to))
            {
                if (isToStop()) return;
                if (StreamList.Parse(line.Span) is { } info && TryTake(info) is { } folder)
                {
                    TryRemoveFolder(folder);
                    remove(info);
                }
            }
        }
    }

    // Takes a folder away from its place, so that a stream of the same name may begin while it is removed. Null if one has, or if it cannot
    // be taken.
    private string? TryTake(LogStreamInfo info)
    {
        string folder = Of(info.Name);
        string taken = Path.Combine(_removed, $"{Guid.NewGuid():N}");
        lock (_lock)
        {
            if (!_forgotten.ContainsKey(info.Name)) return null;
            if (Directory.Exists(folder) && !TryMove(folder, taken))
            {
                TryRemoveFolder(folder);
                if (Directory.Exists(folder)) return null;
            }
            _forgotten.TryRemove(info.Name, out _);
        }
        return taken;
    }

    private bool TryMove(string folder, string target)
    {
        try
        {
            PrivateFiles.CreateFolder(_removed);
            Directory.Move(folder, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // What cannot be removed keeps no other from it, and is tried again with all of them.
    private static void TryRemoveFolder(string folder)
    {
        try
        {
            PrivateFiles.RemoveFolder(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }

    private long LengthOfList()
    {
        // Not in the middle of a line.
        lock (_lock) return _list.Length;
    }
}
