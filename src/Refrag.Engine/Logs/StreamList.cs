using System.Text;
using System.Text.Json;

namespace Refrag.Engine.Logs;

/// <summary>
/// A file with a line for each stream. It is read as it is asked for, and none of it stays in memory. Not more than one thread at a time
/// changes it; others may read meanwhile.
/// </summary>
/// <param name="path">The file; need not exist.</param>
internal sealed class StreamList(string path)
{
    private const int BytesAtOnce = 64 * 1024;
    private static readonly byte[] s_end = "\n"u8.ToArray();

    /// <summary>How many bytes it has.</summary>
    public long Length => File.Exists(path) ? new FileInfo(path).Length : 0;

    /// <summary>All streams in it; one may come twice.</summary>
    public IEnumerable<LogStreamInfo> All() => Lines(0, Length).Select(line => Parse(line.Span)).OfType<LogStreamInfo>();

    /// <summary>The lines of a part of it, without their ends.</summary>
    /// <param name="from">The byte at which the first of them begins.</param>
    /// <param name="to">The byte at which the next line begins.</param>
    public IEnumerable<ReadOnlyMemory<byte>> Lines(long from, long to)
    {
        if (from >= to) yield break;
        using FileStream file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(from, SeekOrigin.Begin);
        byte[] buffer = new byte[BytesAtOnce];
        int held = 0;
        while (from < to)
        {
            if (held == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            int read = file.Read(buffer, held, (int)Math.Min(buffer.Length - held, to - from));
            if (read == 0) break;
            (from, held) = (from + read, held + read);
            int begin = 0;
            for (int end; (end = buffer.AsSpan(begin, held - begin).IndexOf((byte)'\n')) >= 0; begin += end + 1)
                yield return buffer.AsMemory(begin, end);
            buffer.AsSpan(begin, held - begin).CopyTo(buffer);
            held -= begin;
        }
        if (held > 0) yield return buffer.AsMemory(0, held);
    }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        using FileStream file = OpenEnd();
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    /// <summary>Opens it to add lines with <see cref="Write"/>.</summary>
    public FileStream OpenEnd()
    {
        FileStream file = PrivateFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite);
        file.Seek(-Math.Min(1, file.Length), SeekOrigin.End);
        // A full disk or a kill may have left half a line, which must not spoil the next.
        bool isWhole = file.ReadByte() is -1 or '\n';
        file.Seek(0, SeekOrigin.End);
        if (!isWhole) file.Write(s_end);
        return file;
    }

    /// <summary>Opens what is to take its place.</summary>
    public FileStream OpenNext() => PrivateFiles.Open(path + ".next", FileMode.Create, FileAccess.ReadWrite);

    /// <summary>Puts what was written to <see cref="OpenNext"/> in its place.</summary>
    public void Replace() => File.Move(path + ".next", path, overwrite: true);

    /// <summary>Removes it.</summary>
    public void Delete() => File.Delete(path);

    /// <summary>Writes a line.</summary>
    public static void Write(FileStream file, ReadOnlyMemory<byte> line)
    {
        file.Write(line.Span);
        file.Write(s_end);
    }

    /// <summary>What a line says; null if it was not written to its end: it names a stream that has no lines yet.</summary>
    public static LogStreamInfo? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, LogStreamJson.Default.LogStreamInfo);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
