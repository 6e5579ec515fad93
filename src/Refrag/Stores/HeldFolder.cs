using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Refrag.Stores;

/// <summary>
/// A folder of one attempt, for its owner alone, below a folder for temporary files. A process that is killed, and one whose place another
/// program takes, leave it behind; the next one on the same machine, since it booted, that makes such a folder removes it.
/// </summary>
public sealed partial class HeldFolder
{
    private const string LockName = "lock";

    // Containers of one machine share the id, and its locks. (random(4))
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const UnixFileMode ForTheOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // For the life of this process: a stream that is disposed of, by a finalizer too, gives its lock up.
    private static readonly List<FileStream> s_held = [];

    // The lock file says which machine made it, and since which boot: another one may not see the lock of a shared file system.
    private static readonly byte[] s_machine = Encoding.UTF8.GetBytes(Machine());

    private readonly string _purpose;

    private HeldFolder(string folder, string purpose) => (Folder, _purpose) = (folder, purpose);

    /// <summary>The folder for what the attempt keeps; the one around it has the lock.</summary>
    public string Content => Path.Combine(Folder, _purpose);

    private string Folder { get; set; }

    /// <summary>
    /// Makes a folder that is held as long as this process lives, or the program that takes its place, or a child of either that keeps its
    /// files open. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    /// <param name="root">The folder for temporary files.</param>
    /// <param name="purpose">What it is for, as its name says: <c>code</c>.</param>
    public static HeldFolder Make(string root, string purpose)
    {
        Prune(root, purpose);
        // It gets the name by which others find it when it is held.
        string draft = Path.Combine(root, $"refrag-new-{purpose}-{Guid.NewGuid():N}");
        PrivateFiles.CreateFolder(draft);
        FileStream held =
            PrivateFiles.Open(Path.Combine(draft, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        lock (s_held) s_held.Add(held);
        held.Write(s_machine);
        held.Flush();
        // .NET's descriptors are closed where another program takes the process's place; a duplicate stays open, and with it the lock,
        // which belongs to both. (execve(2), flock(2))
        if (!OperatingSystem.IsWindows() && Duplicate(held.SafeFileHandle) < 0)
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        var made = new HeldFolder(Path.Combine(root, $"{Prefix(purpose)}{Guid.NewGuid():N}"), purpose);
        Directory.Move(draft, made.Folder);
        PrivateFiles.CreateFolder(made.Content);
        return made;
    }

    /// <summary>Gives it a name that no later process removes, and says where its content is then.</summary>
    public string Keep()
    {
        string kept = Path.Combine(Path.GetDirectoryName(Folder)!, $"refrag-kept-{_purpose}-{Guid.NewGuid():N}");
        try
        {
            Directory.Move(Folder, kept);
            Folder = kept;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It is where it was, until another attempt begins here.
        }
        return Content;
    }

    /// <summary>Removes it with all that it holds: the lock last, without which no later process would try again.</summary>
    public void Remove()
    {
        try
        {
            var content = new DirectoryInfo(Content);
            if (content.Exists)
            {
                MakeWritable(content);
                content.Delete(recursive: true);
            }
            Directory.Delete(Folder, recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The next one that makes a folder tries again.
        }
    }

    // Nothing is removed from a folder that a job made read-only.
    private static void MakeWritable(DirectoryInfo folder)
    {
        if (OperatingSystem.IsWindows() || folder.LinkTarget is not null) return;
        if ((folder.UnixFileMode & ForTheOwner) != ForTheOwner) folder.UnixFileMode |= ForTheOwner;
        foreach (DirectoryInfo below in folder.EnumerateDirectories()) MakeWritable(below);
    }

    /// <summary>What a lock file holds that was made here since this machine booted.</summary>
    internal static string Machine()
    {
        try
        {
            if (OperatingSystem.IsLinux()) return File.ReadAllText(BootId).Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // The name has to do.
        }
        return Environment.MachineName;
    }

    /// <summary>Removes the folders of this machine that no process holds.</summary>
    private static void Prune(string root, string purpose)
    {
        if (!Directory.Exists(root)) return;
        foreach (string folder in Directory.EnumerateDirectories(root, Prefix(purpose) + "*"))
        {
            // A link may lead to another folder of ours.
            if (new DirectoryInfo(folder).LinkTarget is not null) continue;
            // A folder of another user, or one that another user made to look like one of ours.
            if (PrivateFiles.CheckFolder(folder) is null && IsLeft(folder)) new HeldFolder(folder, purpose).Remove();
        }
    }

    private static string Prefix(string purpose) => $"refrag-{purpose}-";

    private static bool IsLeft(string folder)
    {
        try
        {
            using FileStream held = new(Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            byte[] machine = new byte[s_machine.Length + 1];
            int read = held.ReadAtLeast(machine, machine.Length, throwOnEndOfStream: false);
            return machine.AsSpan(0, read).SequenceEqual(s_machine);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(SafeFileHandle file);
}
