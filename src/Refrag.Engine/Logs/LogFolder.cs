using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Refrag.Engine.Logs;

/// <summary>
/// The folder of a durable store: a list of all streams (<c>streams.jsonl</c>, one line each, in the order in which they were made), and a
/// folder for each stream with what it is (<c>stream.json</c>) and its lines. The folder's name is a hash of the stream's name, so that no
/// name, whatever is in it, becomes a path.
/// </summary>
internal sealed class LogFolder
{
    private const string ListName = "streams.jsonl";
    private const string InfoName = "stream.json";
    private const int HashedBytes = 20;
    private const int SpreadLength = 2;
    private readonly Lock _lock = new();
    private readonly string _root;

    public LogFolder(string root)
    {
        _root = root;
        PrivateFiles.CreateFolder(root);
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

    private string List => Path.Combine(_root, ListName);

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
        // Together: what is noted may be pruned at once, and its folder with it.
        lock (_lock)
        {
            PrivateFiles.CreateFolder(folder);
            Append(text);
            PrivateFiles.WriteAllText(Path.Combine(folder, InfoName), text);
        }
        return info;
    }

    /// <summary>All streams, read from the list as they are asked for; none of them stays in memory. One may come twice.</summary>
    public IEnumerable<LogStreamInfo> All()
    {
        if (!File.Exists(List)) yield break;
        foreach (string line in File.ReadLines(List))
        {
            if (Parse(line) is { } info) yield return info;
        }
    }

    /// <summary>One stream by its name; null if there is none.</summary>
    public LogStreamInfo? Find(string name)
    {
        try
        {
            return Parse(File.ReadAllText(Path.Combine(Of(name), InfoName)));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Removes the lines and the entries of streams that are not wanted any more.</summary>
    /// <param name="isWanted">Whether a stream stays.</param>
    /// <param name="remove">Removes what belongs to a stream besides.</param>
    public int Prune(Func<LogStreamInfo, bool> isWanted, Action<LogStreamInfo> remove)
    {
        string next = List + ".next";
        int removed = 0;
        lock (_lock)
        {
            using (var kept = new StreamWriter(PrivateFiles.Open(next, FileMode.Create, FileAccess.Write)))
            {
                foreach (LogStreamInfo info in All())
                {
                    if (isWanted(info)) kept.WriteLine(JsonSerializer.Serialize(info, LogStreamJson.Default.LogStreamInfo));
                    else
                    {
                        remove(info);
                        PrivateFiles.RemoveFolder(Of(info.Name));
                        removed++;
                    }
                }
            }
            File.Move(next, List, overwrite: true);
        }
        return removed;
    }

    // A full disk or a kill may have left half a line, which must not spoil the next.
    private void Append(string line)
    {
        using FileStream list = PrivateFiles.Open(List, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        list.Seek(-Math.Min(1, list.Length), SeekOrigin.End);
        bool isWhole = list.ReadByte() is -1 or '\n';
        list.Seek(0, SeekOrigin.End);
        list.Write(Encoding.UTF8.GetBytes(isWhole ? line + "\n" : "\n" + line + "\n"));
    }

    // What was not written to its end names a stream that has no lines yet.
    private static LogStreamInfo? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LogStreamJson.Default.LogStreamInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
