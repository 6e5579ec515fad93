namespace Refrag;

/// <summary>
/// The one place that makes files and folders for their owner alone: state, keys, logs, manifests and events hold the environment, commands
/// and output of jobs. Modes do not depend on the umask. On Windows the folder's own rights apply.
/// </summary>
public static class PrivateFiles
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // A writer adds something between the last removal and that of the folder a few times at most. One that continues for longer, by
    // the folder's path, does not find the folder under another name.
    private const int MostRemovalsInPlace = 20;
    private const int MostRemovals = 100;

    /// <summary>Opens a file, created with mode 0600; a file that exists with a wider mode is restricted.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">How it is opened.</param>
    /// <param name="access">What it is opened for; not for reading alone.</param>
    /// <param name="share">What others may do with it meanwhile.</param>
    /// <param name="bufferSize">The size of the stream's buffer; 0 for none.</param>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share = FileShare.Read, int bufferSize = 4096)
    {
        var options = new FileStreamOptions { Mode = mode, Access = access, Share = share, BufferSize = bufferSize };
        if (!OperatingSystem.IsWindows() && mode is not (FileMode.Open or FileMode.Truncate)) options.UnixCreateMode = FileMode600;
        var file = new FileStream(path, options);
        try
        {
            Restrict(file);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Writes a whole file, in place of what it held.</summary>
    public static void WriteAllText(string path, string text) => Write(path, FileMode.Create, text);

    /// <summary>Adds to a file's end.</summary>
    public static void AppendAllText(string path, string text) => Write(path, FileMode.Append, text);

    /// <summary>
    /// Creates an empty file where none exists, and restricts it where one does: for a library that opens it by its name.
    /// </summary>
    public static void Prepare(string path) =>
        Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0).Dispose();

    /// <summary>Restricts what exists under a name that a library or the system has created.</summary>
    public static void Restrict(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path)) return;
        try
        {
            UnixFileMode mode = File.GetUnixFileMode(path);
            if ((mode & Others) != UnixFileMode.None) File.SetUnixFileMode(path, mode & ~Others);
        }
        catch (Exception fault) when (IsGone(fault))
        {
            // Another process has removed it meanwhile.
        }
    }

    /// <summary>Whether other users of this machine may read or write a file. Always false on Windows, where rights are no mode.</summary>
    /// <param name="path">The file.</param>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None;

    /// <summary>Creates a folder with mode 0700, and the missing ones above it; one that exists is left as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
            return;
        }
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } above) CreateFolder(above);
        Directory.CreateDirectory(path, FolderMode700);
        File.SetUnixFileMode(path, FolderMode700);
    }

    /// <summary>
    /// Creates a folder for secrets, or takes one that exists: with its mode restricted to 0700. RF4025 where it belongs to another user,
    /// or where others may have put into it what it holds.
    /// </summary>
    public static Problem? SecureFolder(string path)
    {
        CreateFolder(path);
        if (OperatingSystem.IsWindows()) return null;
        bool isEmpty = FileStatus.IsThisUser(path) && !Directory.EnumerateFileSystemEntries(path).Any();
        if (!isEmpty && CheckFolder(path) is { } untrusted) return untrusted;
        UnixFileMode mode = File.GetUnixFileMode(path);
        if ((mode & Others) != UnixFileMode.None) File.SetUnixFileMode(path, mode & ~Others);
        return null;
    }

    /// <summary>
    /// Checks whom a folder may be trusted to, and changes nothing. RF4025 where it belongs to another user, or where others may write to
    /// it; null if it does not exist.
    /// </summary>
    public static Problem? CheckFolder(string path)
    {
        if (OperatingSystem.IsWindows() || !Directory.Exists(path)) return null;
        try
        {
            if (!FileStatus.IsThisUser(path))
                return Untrusted(path, "it belongs to another user", "Name a folder of your own.");
            bool isWritable = (File.GetUnixFileMode(path) & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None;
            return isWritable
                ? Untrusted(path, "other users may write to it", $"Check what it holds, then run: chmod go-rwx {path}")
                : null;
        }
        catch (Exception fault) when (IsGone(fault))
        {
            // Another process has removed it meanwhile.
            return null;
        }
    }

    /// <summary>
    /// Removes a folder with all that it holds, also while another writer adds to it or removes it as well; nothing if it does not exist.
    /// </summary>
    public static void RemoveFolder(string path) => RemoveFolder(path, static folder => Directory.Delete(folder, recursive: true));

    /// <summary>The same with what removes a folder and all that it holds, and may fail.</summary>
    internal static void RemoveFolder(string path, Action<string> remove)
    {
        for (int tries = 1; Directory.Exists(path); tries++)
        {
            try
            {
                if (tries <= MostRemovalsInPlace) remove(path);
                else RemoveAside(path, remove);
            }
            catch (IOException) when (tries < MostRemovals)
            {
                // It is not empty any more, or a folder in it is gone.
            }
        }
    }

    private static void RemoveAside(string path, Action<string> remove)
    {
        string aside = $"{path}.{Guid.NewGuid():N}";
        Directory.Move(path, aside);
        try
        {
            remove(aside);
        }
        catch (IOException) when (!Directory.Exists(path) && Directory.Exists(aside))
        {
            // Whoever looks for what is left finds it by its name.
            Directory.Move(aside, path);
            throw;
        }
    }

    private static bool IsGone(Exception fault) => fault is FileNotFoundException or DirectoryNotFoundException;

    private static Problem Untrusted(string path, string why, string cure) =>
        new() { Code = "RF4025", What = $"The folder {path} cannot hold secrets: {why}", Cure = cure };

    private static void Write(string path, FileMode mode, string text)
    {
        using FileStream file = Open(path, mode, FileAccess.Write);
        file.Write(System.Text.Encoding.UTF8.GetBytes(text));
    }

    // The mode of creation loses bits to the umask and says nothing of a file that existed. A device or a pipe is not ours to restrict.
    private static void Restrict(FileStream file)
    {
        if (OperatingSystem.IsWindows() || !FileStatus.IsRegular(file.Name)) return;
        if (File.GetUnixFileMode(file.SafeFileHandle) != FileMode600) File.SetUnixFileMode(file.SafeFileHandle, FileMode600);
    }
}
