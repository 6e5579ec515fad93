using System.Globalization;
using System.Text.Json;
using Refrag.Engine.Names;
using Refrag.Runners.Processes;

namespace Refrag.Engine.Store;

/// <summary>Who holds a state folder.</summary>
/// <param name="Pid">The process.</param>
/// <param name="StartedAt">When that process started, in milliseconds since 1970: numbers of processes are given again.</param>
/// <param name="Since">Since when it holds the folder.</param>
/// <param name="Host">The machine's name.</param>
internal sealed record LockHolder(int Pid, long StartedAt, DateTimeOffset Since, string Host);

/// <summary>
/// The state folder, held by one engine at a time. The kernel lets go of the lock when the process ends, however it ends.
/// </summary>
internal sealed class StateFolder : IDisposable
{
    /// <summary>The name of the database's file.</summary>
    public const string DatabaseName = "state.db";

    // A forked child runs its program within milliseconds; on a busy machine it takes longer.
    private static readonly TimeSpan s_timeToLetGo = TimeSpan.FromSeconds(10);

    // The start of a process is counted from the machine's, whose own time is known to about a second.
    private static readonly TimeSpan s_inexactness = TimeSpan.FromSeconds(2);

    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The file of the database.</summary>
    public string Database => System.IO.Path.Combine(Path, DatabaseName);

    /// <summary>
    /// Takes a folder, made if there is none. Throws <see cref="EngineStateException"/> where another engine holds it.
    /// </summary>
    public static StateFolder Acquire(string path, TimeProvider time)
    {
        try
        {
            if (PrivateFiles.SecureFolder(path) is { } untrusted) throw new EngineStateException(untrusted);
            return new StateFolder(path, Hold(path, time));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new EngineStateException(StateProblems.Unusable(path, e));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string path, TimeProvider time)
    {
        // What a killed engine was starting that moment has the lock as well, until it runs the program that it is to run.
        FileStream? held = TryLock(path);
        if (held is null && ReadHolder(path) is { } last && IsGone(last))
            SpinWait.SpinUntil(() => (held = TryLock(path)) is not null, s_timeToLetGo);
        if (held is null) throw new EngineStateException(StateProblems.InUse(path, Holder(path)));
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var holder =
            new LockHolder(Environment.ProcessId, new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds(), time.GetUtcNow(),
                Environment.MachineName);
        // Beside the lock, because the lock itself cannot be read by another process.
        PrivateFiles.WriteAllText(HolderFile(path), JsonSerializer.Serialize(holder, StateJson.Default.LockHolder));
        return held;
    }

    private static FileStream? TryLock(string path)
    {
        try
        {
            return PrivateFiles.Open(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool IsGone(LockHolder holder)
    {
        if (holder.Host != Environment.MachineName) return false;
        try
        {
            using var process = System.Diagnostics.Process.GetProcessById(holder.Pid);
            TimeSpan apart = TimeSpan.FromMilliseconds(new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() - holder.StartedAt);
            return ProcessStat.Read(holder.Pid) is { IsDead: true } || apart.Duration() > s_inexactness;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }

    private static string Holder(string path) => ReadHolder(path) is { } holder
        ? string.Create(CultureInfo.InvariantCulture, $"process {holder.Pid} on {holder.Host} since {holder.Since:u}")
        : "another process";

    private static LockHolder? ReadHolder(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(HolderFile(path)), StateJson.Default.LockHolder);
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string HolderFile(string path) => System.IO.Path.Combine(path, "holder.json");
}
