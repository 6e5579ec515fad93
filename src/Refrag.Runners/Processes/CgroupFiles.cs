using System.Text;

namespace Refrag.Runners.Processes;

/// <summary>
/// Reads and writes the kernel's files, which are there or not, and may be written or not. By the C library: .NET's own streams ask for
/// locks, sizes and the kind of the file system, which costs more than the file itself, and a job needs a dozen of them.
/// </summary>
internal static unsafe class CgroupFiles
{
    // A page is what the kernel gives at once.
    private const int Chunk = 4096;

    /// <summary>Writes a value, in one write as the kernel wants it, to a file that is there; false where it cannot be.</summary>
    public static bool TryWrite(string file, string value)
    {
        int descriptor = LibC.Open(file, LibC.WriteOnlyClosedOnExec);
        if (descriptor < 0) return false;
        Span<byte> bytes = stackalloc byte[Encoding.ASCII.GetMaxByteCount(value.Length)];
        int length = Encoding.ASCII.GetBytes(value, bytes);
        nint written;
        fixed (byte* first = bytes) written = LibC.Write(descriptor, first, (nuint)length);
        _ = LibC.Close(descriptor);
        return written == length;
    }

    /// <summary>What is in a file; empty where it cannot be read.</summary>
    public static string Text(string file)
    {
        int descriptor = LibC.Open(file, LibC.ReadOnlyClosedOnExec);
        if (descriptor < 0) return "";
        byte* chunk = stackalloc byte[Chunk];
        nint read = LibC.Read(descriptor, chunk, Chunk);
        string text = read > 0 ? Encoding.ASCII.GetString(chunk, (int)read) : "";
        if (read > 0) text += Rest(descriptor, chunk);
        _ = LibC.Close(descriptor);
        return text;
    }

    /// <summary>The lines of a file; none where it cannot be read.</summary>
    public static IReadOnlyList<string> Lines(string file) => Text(file) is { Length: > 0 } text ? text.TrimEnd('\n').Split('\n') : [];

    /// <summary>Makes a folder; false where it cannot be made.</summary>
    public static bool TryMake(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Removes an empty folder; false where it cannot be.</summary>
    public static bool TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether there are folders in a folder; false too if there is no folder.</summary>
    public static bool HasFolders(string folder)
    {
        try
        {
            // struct statx: 256 bytes, the count of links in the fifth word. A folder has two, and one more for each within it.
            uint* answer = stackalloc uint[64];
            return LibC.StatX(LibC.FromCurrentDirectory, folder, 0, LibC.WithLinkCount, answer) == 0 && answer[4] > 2;
        }
        catch (EntryPointNotFoundException)
        {
            // A C library of before 2018.
            return Folders(folder).Count > 0;
        }
    }

    /// <summary>The folders in a folder; none where it cannot be read.</summary>
    public static IReadOnlyList<string> Folders(string folder)
    {
        try
        {
            return Directory.GetDirectories(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string Rest(int descriptor, byte* chunk)
    {
        string rest = "";
        nint read;
        while ((read = LibC.Read(descriptor, chunk, Chunk)) > 0) rest += Encoding.ASCII.GetString(chunk, (int)read);
        return rest;
    }
}
