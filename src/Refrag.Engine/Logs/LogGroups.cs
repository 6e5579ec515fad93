using System.Text.Json;

namespace Refrag.Engine.Logs;

/// <summary>A log group that a caller made, or whose retention it set.</summary>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="RetentionInDays">How long its events are wanted; null for indefinitely. Shown and not obeyed: lines stay as long as the
/// engine keeps logs.</param>
/// <param name="Tags">Its tags; null for none.</param>
internal sealed record LogGroupInfo(
    string Name, DateTimeOffset CreatedAt, int? RetentionInDays = null, IReadOnlyDictionary<string, string>? Tags = null);

/// <summary>The log groups that callers made; those that jobs write to exist without it.</summary>
/// <param name="folder">Where they are kept (<c>groups.json</c>); null for memory only.</param>
internal sealed class LogGroups(string? folder)
{
    private const string FileName = "groups.json";
    private readonly Lock _lock = new();
    private Dictionary<string, LogGroupInfo>? _groups;

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyList<LogGroupInfo> List()
    {
        lock (_lock) return [.. Known().Values];
    }

    /// <summary>One by its name; null if no caller made it.</summary>
    public LogGroupInfo? Find(string name)
    {
        lock (_lock) return Known().GetValueOrDefault(name);
    }

    /// <summary>Adds one; false, and no change, where there is one of its name.</summary>
    public bool Add(LogGroupInfo group)
    {
        lock (_lock)
        {
            if (!Known().TryAdd(group.Name, group)) return false;
            Save();
            return true;
        }
    }

    /// <summary>
    /// Puts a group in the place of what there is of its name, which is null if no caller made it. No other change comes between.
    /// </summary>
    public void Update(string name, Func<LogGroupInfo?, LogGroupInfo> change)
    {
        lock (_lock)
        {
            Known()[name] = change(Known().GetValueOrDefault(name));
            Save();
        }
    }

    /// <summary>Removes one; without effect if it is not there.</summary>
    public void Remove(string name)
    {
        lock (_lock)
        {
            if (Known().Remove(name)) Save();
        }
    }

    private Dictionary<string, LogGroupInfo> Known() => _groups ??= Read().ToDictionary(group => group.Name);

    private List<LogGroupInfo> Read()
    {
        if (folder is null || !File.Exists(Path.Combine(folder, FileName))) return [];
        try
        {
            using FileStream file = File.OpenRead(Path.Combine(folder, FileName));
            return JsonSerializer.Deserialize(file, LogStreamJson.Default.ListLogGroupInfo) ?? [];
        }
        catch (JsonException)
        {
            // What a foreign hand has damaged is made again.
            return [];
        }
    }

    private void Save()
    {
        if (folder is null) return;
        string next = Path.Combine(folder, FileName + ".next");
        PrivateFiles.WriteAllText(next, JsonSerializer.Serialize([.. Known().Values], LogStreamJson.Default.ListLogGroupInfo));
        File.Move(next, Path.Combine(folder, FileName), overwrite: true);
    }
}
