using System.Globalization;
using Refrag.Engine.Runners;

namespace Refrag.Engine.Processes;

/// <summary>
/// The files of one attempt that outlives the engine: <c>begun</c> (who runs it; whoever makes this file first decides whether it runs), <c>out</c> and <c>err</c>
/// (what it prints), <c>exit</c> (its exit code, when it has ended).
/// </summary>
internal sealed class AttemptFolder(string root, AttemptIdentity identity)
{
    private const string Nobody = "nobody\n";
    private const string Begun = "begun";
    private const string ExitName = "exit";

    /// <summary>The folder.</summary>
    public string Path { get; } = System.IO.Path.Combine(root, identity.Key);

    /// <summary>Whether there is one.</summary>
    public bool Exists => Directory.Exists(Path);

    /// <summary>Where a stream's bytes are.</summary>
    public string FileOf(OutputSource source) => At(source is OutputSource.Out ? "out" : "err");

    /// <summary>Makes the folder, for its owner only: output is nobody else's.</summary>
    public void Create()
    {
        const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Jobs run as processes on Linux and macOS only; on Windows use WSL.");
        Directory.CreateDirectory(Path, OwnerOnly);
    }

    /// <summary>Decides that the attempt never runs; false where its launcher came first.</summary>
    public bool TryPrevent()
    {
        try
        {
            using var file = new FileStream(At(Begun), FileMode.CreateNew, FileAccess.Write);
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

    /// <summary>Removes the folder.</summary>
    public void Delete()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // So much the better.
        }
    }

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
