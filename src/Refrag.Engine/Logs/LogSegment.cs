using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Logs;

/// <summary>
/// One file of a stream's lines, named by its first line's number. It begins with the cursors that the two sources had before it; then come
/// the lines, each with length, time, source, cursor and text. A line that was not written to its end is the end of the file.
/// </summary>
internal sealed class LogSegment(string folder, long first)
{
    /// <summary>The bytes before the first line.</summary>
    public const int HeaderBytes = 2 * sizeof(long);

    /// <summary>The bytes before a line's text.</summary>
    public const int LineHeaderBytes = sizeof(int) + sizeof(long) + 1 + sizeof(long);

    // Every so manieth line's place is remembered; a reader walks from there.
    private const int Stride = 64;
    private readonly List<long> _places = [];

    /// <summary>The file.</summary>
    public string Path { get; } = System.IO.Path.Combine(folder, first.ToString("D19", CultureInfo.InvariantCulture) + Extension);

    /// <summary>What the files' names end with.</summary>
    public const string Extension = ".lines";

    /// <summary>The number of its first line.</summary>
    public long First => first;

    /// <summary>How many lines it has.</summary>
    public long Count { get; private set; }

    /// <summary>How long it is.</summary>
    public long Bytes { get; private set; } = HeaderBytes;

    /// <summary>Whether its places are known: it was written here, or scanned.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Says that it is a new file.</summary>
    public void BeginEmpty() => IsKnown = true;

    /// <summary>Says how long a file is that has not been scanned.</summary>
    public void BeginUnknown(long bytes) => Bytes = bytes;

    /// <summary>Notes a line that was added at the end.</summary>
    public void Add(int bytes)
    {
        if (Count % Stride == 0) _places.Add(Bytes);
        Count++;
        Bytes += bytes;
    }

    /// <summary>Reads the file once and learns how many lines it has and where. Gives the cursors after its last line.</summary>
    public (long Out, long Error) Scan()
    {
        using SafeFileHandle file = File.OpenHandle(Path);
        var reader = new LogSegmentReader(file, 0);
        (_, Bytes, Count) = (0, HeaderBytes, 0);
        _places.Clear();
        if (reader.ReadHeader() is not { } cursors) return default;
        while (reader.Next() is { } line)
        {
            if (line.Source is OutputSource.Out) cursors.Out = Math.Max(cursors.Out, line.Cursor);
            else cursors.Error = Math.Max(cursors.Error, line.Cursor);
            Add(line.TotalBytes);
        }
        IsKnown = true;
        return cursors;
    }

    /// <summary>Opens a reader that stands before a line of this file.</summary>
    public LogSegmentReader ReaderAt(SafeFileHandle file, long number)
    {
        if (!IsKnown) Scan();
        long index = number - first;
        // A damaged file may have fewer lines than the next one's name says.
        if (index >= Count) return new LogSegmentReader(file, Bytes);
        var reader = new LogSegmentReader(file, _places[(int)(index / Stride)]);
        for (long skip = index % Stride; skip > 0; skip--) reader.Next();
        return reader;
    }

    /// <summary>The beginning of a file.</summary>
    public static byte[] Header(long outCursor, long errorCursor)
    {
        byte[] header = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt64LittleEndian(header, outCursor);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(sizeof(long)), errorCursor);
        return header;
    }
}

/// <summary>A line as a file holds it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SegmentLine(DateTimeOffset Time, OutputSource Source, long Cursor, string Text, int TotalBytes);
