using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Refrag.CodeArchives;

/// <summary>
/// A folder for the code of one attempt, below the system's folder for temporary files and for its owner alone. The program that takes this
/// process's place leaves it behind; the next one that makes such a folder removes it.
/// </summary>
internal sealed partial class CheckoutFolder
{
    private const string Prefix = "refrag-code-";
    private const string DraftPrefix = "refrag-new-code-";
    private const string LockName = "lock";
    private const string CodeName = "code";
    private const UnixFileMode ForTheOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // For the life of this process: a stream that is disposed of, by a finalizer too, gives its lock up.
    private static readonly List<FileStream> s_held = [];

    private CheckoutFolder(string folder) => Folder = folder;

    /// <summary>Where the code goes.</summary>
    public string Code => Path.Combine(Folder, CodeName);

    private string Folder { get; }

    /// <summary>
    /// Makes a folder that is held as long as this process lives, or the program that takes its place, or a child of either that keeps its
    /// files open. Throws <see cref="IOException"/> or <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    /// <param name="root">The folder for temporary files.</param>
    public static CheckoutFolder Make(string root)
    {
        Prune(root);
        // It gets the name by which others find it when it is held.
        string draft = Path.Combine(root, $"{DraftPrefix}{Guid.NewGuid():N}");
        PrivateFiles.CreateFolder(draft);
        FileStream held =
            PrivateFiles.Open(Path.Combine(draft, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
        lock (s_held) s_held.Add(held);
        // .NET's descriptors are closed where another program takes the process's place; a duplicate stays open, and with it the lock,
        // which belongs to both. (execve(2), flock(2))
        if (!OperatingSystem.IsWindows() && Duplicate(held.SafeFileHandle) < 0)
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        var made = new CheckoutFolder(Path.Combine(root, $"{Prefix}{Guid.NewGuid():N}"));
        Directory.Move(draft, made.Folder);
        PrivateFiles.CreateFolder(made.Code);
        return made;
    }

    /// <summary>Removes it with all that it holds: the lock last, without which no later process would try again.</summary>
    public void Remove()
    {
        try
        {
            var code = new DirectoryInfo(Code);
            if (code.Exists)
            {
                MakeWritable(code);
                code.Delete(recursive: true);
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

    /// <summary>Removes the folders that no process holds.</summary>
    private static void Prune(string root)
    {
        if (!Directory.Exists(root)) return;
        foreach (string folder in Directory.EnumerateDirectories(root, Prefix + "*"))
        {
            // A link may lead to a folder that is ours and no checkout.
            if (new DirectoryInfo(folder).LinkTarget is not null) continue;
            // A folder of another user, or one that another user made to look like one of ours.
            if (PrivateFiles.CheckFolder(folder) is null && IsLeft(folder)) new CheckoutFolder(folder).Remove();
        }
    }

    private static bool IsLeft(string folder)
    {
        try
        {
            using FileStream held = new(Path.Combine(folder, LockName), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int Duplicate(SafeFileHandle file);
}
