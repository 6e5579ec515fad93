using System.Globalization;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Processes;

/// <summary>
/// The files of one attempt that outlives the engine: <c>begun</c> (who runs it; whoever makes this file first decides whether it runs), <c>out</c> and <c>err</c>
/// (what it prints), <c>exit</c> (its exit code, when it has ended). They are in a numbered folder of the attempt's own: a start after one that was prevented gets the
/// next number, so that the launcher of the first, should it come late, never takes the second's place.
/// </summary>
internal sealed class AttemptFolder
{
    private readonly string _all;
    private int _start;

    public AttemptFolder(string root, AttemptIdentity identity)
    {
        _all = System.IO.Path.Combine(root, identity.Key);
        _start = Directory.Exists(_all) ? Directory.EnumerateDirectories(_all).Select(Number).DefaultIfEmpty(1).Max() : 1;
    }

    private const string Nobody = "nobody\n";
    private const string Begun = "begun";
    private const string ExitName = "exit";

    /// <summary>The folder of its latest start.</summary>
    public string Path => System.IO.Path.Combine(_all, _start.ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether there is one.</summary>
    public bool Exists => Directory.Exists(Path);

    /// <summary>Where a stream's bytes are.</summary>
    public string FileOf(OutputSource source) => At(source is OutputSource.Out ? "out" : "err");

    /// <summary>Makes the folder, for its owner only: output is nobody else's. Throws <see cref="InvalidOperationException"/> where the attempt was started before.</summary>
    public void Create()
    {
        if (Exists && Read(Begun) != Nobody) throw new InvalidOperationException($"The attempt {_all} was started before.");
        if (Exists) _start++;
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Jobs run as processes on Linux and macOS only; on Windows use WSL.");
        PrivateFiles.CreateFolder(Path);
    }

    /// <summary>Decides that the attempt never runs; false where its launcher came first.</summary>
    public bool TryPrevent()
    {
        try
        {
            using var file = PrivateFiles.Open(At(Begun), FileMode.CreateNew, FileAccess.Write);
            file.Write("nobody\n"u8);
            return true;
        }
        catch (IOException) when (File.Exists(At(Begun)))
        {
            return Read(Begun) == Nobody;
        }
    }

    /// <summary>Who runs it; null where that is not written yet.</summary>
    public ProcessStamp? Stamp() => Read(Begun) is { } text ? ProcessStamp.Parse(text) : null;

    /// <summary>The exit code; null while there is none.</summary>
    public int? ExitCode() =>
        Read(ExitName) is { } text && int.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int code) ? code : null;

    /// <summary>Removes everything of the attempt.</summary>
    public void Delete()
    {
        try
        {
            Directory.Delete(_all, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // So much the better.
        }
    }

    private static int Number(string folder) =>
        int.TryParse(System.IO.Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 1;

    private string At(string name) => System.IO.Path.Combine(Path, name);

    // A text without its line break is being written this moment.
    private string? Read(string name)
    {
        try
        {
            return File.ReadAllText(At(name)) is [.., '\n'] text ? text : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
