using System.Globalization;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Processes;

/// <summary>
/// The files of one attempt that outlives the engine: <c>begun</c> (empty; whoever makes it first decides whether the attempt runs),
/// <c>launcher</c> (who that was),
/// <c>out</c> and <c>err</c> (what it prints), <c>exit</c> (its exit code, when it has ended). They are in a numbered folder of the
/// attempt's own: a start after one that was prevented gets the next number, so that the launcher of the first, should it come late, never
/// takes the second's place. What is written into
/// <c>launcher</c> and <c>exit</c> has its space before the launcher starts: on a full disk an attempt begins and ends as on any other.
/// </summary>
internal sealed class AttemptFolder
{
    private const string NoProcess = "nobody";
    private const string Begun = "begun";
    private const string LauncherName = "launcher";
    private const string ExitName = "exit";
    private const int MostCode = 255;

    // Longer than anything that a launcher writes; what is longer was not written by one.
    private const int MostBytes = 4096;

    // Spaces, as many as the longest line: what is written over them needs no more room on the disk.
    private static readonly byte[] s_reserved = [.. Enumerable.Repeat((byte)' ', MostBytes)];

    private readonly string _all;
    private int _start;

    public AttemptFolder(string root, AttemptIdentity identity)
    {
        _all = System.IO.Path.Combine(root, identity.Key);
        _start = Directory.Exists(_all) ? Directory.EnumerateDirectories(_all).Select(Number).DefaultIfEmpty(1).Max() : 1;
    }

    /// <summary>The folder of its latest start.</summary>
    public string Path => System.IO.Path.Combine(_all, _start.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether the attempt has a folder.</summary>
    public bool Exists => Directory.Exists(Path);

    /// <summary>Where a stream's bytes are.</summary>
    public string FileOf(OutputSource source) => At(source is OutputSource.Out ? "out" : "err");

    /// <summary>
    /// Makes the folder, for its owner only, with everything that the launcher needs: it starts and ends on a full disk too. Throws
    /// <see cref="InvalidOperationException"/> if the attempt was started before, and <see cref="IOException"/>, with nothing made, if the
    /// disk has no room.
    /// </summary>
    public void Create()
    {
        if (Exists && Who() != NoProcess) throw new InvalidOperationException($"The attempt {_all} was started before.");
        if (Exists) _start++;
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Jobs run as processes on Linux and macOS only; on Windows use WSL.");
        PrivateFiles.CreateFolder(Path);
        try
        {
            Reserve();
        }
        catch (IOException)
        {
            Directory.Delete(Path, recursive: true);
            throw;
        }
    }

    /// <summary>Undoes <see cref="Create"/>: no launcher was started for it.</summary>
    public void UndoCreate() => Directory.Delete(Path, recursive: true);

    /// <summary>Decides that the attempt never runs; false if its launcher came first.</summary>
    public bool TryPrevent()
    {
        try
        {
            PrivateFiles.Open(At(Begun), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && System.IO.Path.Exists(At(Begun)))
        {
            return Who() == NoProcess;
        }
        using FileStream file =
            PrivateFiles.Open(At(LauncherName), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        file.Write(System.Text.Encoding.ASCII.GetBytes(NoProcess + "\n"));
        return true;
    }

    /// <summary>Who runs it; null if that is not written yet, or is not what a launcher writes.</summary>
    public ProcessStamp? Stamp() => Who() is { } text ? ProcessStamp.Parse(text) : null;

    /// <summary>
    /// The launcher that <see cref="Stamp"/> names, if it or a process of its group belongs to this very folder: it has one of its files
    /// open. In a copy of the folder, and for a number that is another's, null: nothing there may be signalled. Where the system does not
    /// show open files, number and start have to do.
    /// </summary>
    public ProcessStamp? Owner()
    {
        if (Stamp() is not { } stamp || !stamp.IsOfThisBoot() || stamp.Pid == Environment.ProcessId) return null;
        if (FileIdentity.Of(_all) is null) return stamp;
        FileIdentity[] files = [.. new[] { ExitName, "out", "err" }.Select(name => FileIdentity.Of(At(name))).OfType<FileIdentity>()];
        return stamp.IsAlive() && Holds(stamp.Pid) || stamp.Group().Any(Holds) ? stamp : null;
        bool Holds(int pid) => pid != Environment.ProcessId && OpenFiles.Of(pid).Any(open => files.Contains(open));
    }

    /// <summary>The exit code; null while there is none.</summary>
    public int? ExitCode() =>
        Read(ExitName) is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int code) && code <= MostCode
            ? code
            : null;

    /// <summary>Removes everything of the attempt.</summary>
    public void Delete() => PrivateFiles.RemoveFolder(_all);

    private void Reserve()
    {
        foreach (OutputSource source in Enum.GetValues<OutputSource>()) PrivateFiles.Prepare(FileOf(source));
        foreach (string name in (string[])[LauncherName, ExitName])
        {
            using FileStream file = PrivateFiles.Open(At(name), FileMode.CreateNew, FileAccess.Write, bufferSize: 0);
            file.Write(s_reserved);
        }
    }

    private static int Number(string folder) =>
        int.TryParse(System.IO.Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 1;

    // The first versions had it in `begun` itself, which a full disk could leave empty.
    private string? Who() => Read(LauncherName) ?? Read(Begun);

    private string At(string name) => System.IO.Path.Combine(Path, name);

    // The first line; without a line break it is not written, or is being written this moment.
    private string? Read(string name)
    {
        try
        {
            using FileStream file = File.Open(At(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> bytes = stackalloc byte[MostBytes];
            string text = System.Text.Encoding.UTF8.GetString(bytes[..file.ReadAtLeast(bytes, MostBytes, throwOnEndOfStream: false)]);
            return text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var end ? text[..end] : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
