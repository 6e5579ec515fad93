namespace Refrag.Engine.Processes;

/// <summary>Reads and writes the kernel's files, which are there or not, and may be written or not.</summary>
internal static class CgroupFiles
{
    /// <summary>Writes a value; false where it cannot be.</summary>
    public static bool TryWrite(string file, string value)
    {
        try
        {
            // Not File.WriteAllText: the kernel's files take one write and must not be made.
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            stream.Write(System.Text.Encoding.ASCII.GetBytes(value));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The lines of a file; none where it cannot be read.</summary>
    public static IReadOnlyList<string> Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

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

    /// <summary>Removes an empty folder, where it can be.</summary>
    public static void TryRemove(string folder)
    {
        try
        {
            Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays.
        }
    }
}
