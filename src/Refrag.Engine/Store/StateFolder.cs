using System.Globalization;
using System.Text.Json;

namespace Refrag.Engine.Store;

/// <summary>Who holds a state folder.</summary>
/// <param name="Pid">The process.</param>
/// <param name="StartedAt">When that process started, in milliseconds since 1970: numbers of processes are given again.</param>
/// <param name="Since">Since when it holds the folder.</param>
/// <param name="Host">The machine's name.</param>
internal sealed record LockHolder(int Pid, long StartedAt, DateTimeOffset Since, string Host);

/// <summary>The state folder, held by one engine at a time. The kernel lets go of the lock when the process ends, however it ends.</summary>
internal sealed class StateFolder : IDisposable
{
    /// <summary>The name of the database's file.</summary>
    public const string DatabaseName = "state.db";

    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The file of the database.</summary>
    public string Database => System.IO.Path.Combine(Path, DatabaseName);

    /// <summary>Takes a folder, made where there is none. Throws <see cref="EngineStateException"/> where another engine holds it.</summary>
    public static StateFolder Take(string path, TimeProvider time)
    {
        try
        {
            if (PrivateFiles.SecureFolder(path) is { } untrusted) throw new EngineStateException(untrusted);
            return new StateFolder(path, Hold(path, time));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new EngineStateException(Problem("RF4012", $"the state folder {path} cannot be used: {e.Message}", "Give rights to it, or name another folder."));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static FileStream Hold(string path, TimeProvider time)
    {
        FileStream held;
        try
        {
            held = PrivateFiles.Open(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new EngineStateException(Problem("RF4010", $"the state in {path} is in use by {Holder(path)}", "End that one first, or name another folder."));
        }
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        var holder = new LockHolder(Environment.ProcessId, new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds(), time.GetUtcNow(), Environment.MachineName);
        // Beside the lock, because the lock itself cannot be read by anybody else.
        PrivateFiles.WriteAllText(HolderFile(path), JsonSerializer.Serialize(holder, StateJson.Default.LockHolder));
        return held;
    }

    private static string Holder(string path)
    {
        try
        {
            LockHolder? holder = JsonSerializer.Deserialize(File.ReadAllText(HolderFile(path)), StateJson.Default.LockHolder);
            return string.Create(CultureInfo.InvariantCulture, $"process {holder?.Pid} on {holder?.Host} since {holder?.Since:u}");
        }
        catch (Exception e) when (e is IOException or JsonException or UnauthorizedAccessException)
        {
            return "another process";
        }
    }

    private static string HolderFile(string path) => System.IO.Path.Combine(path, "holder.json");

    private static Problem Problem(string code, string what, string cure) => new() { Code = code, What = what, Cure = cure };
}
