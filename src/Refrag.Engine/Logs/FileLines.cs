using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Logs;

/// <summary>
/// Lines in files of a folder, an eighth of the limit each: the oldest file goes when there is too much. Written to the system at every
/// flush, which outlives this process but, for the sake of speed, not a power failure. A last line that was not written to its end is cut
/// off when the folder is opened again.
/// </summary>
internal sealed class FileLines : ILogLines
{
    private const int PartsOfLimit = 8;
    private const int SmallestPart = 4 * 1024;
    private const int MostBuffered = 64 * 1024;

    private readonly string _folder;
    private readonly LogStreamInfo _info;
    private readonly long _maximumBytes;
    private readonly long _partBytes;
    private readonly List<LogSegment> _segments = [];
    private readonly ArrayBufferWriter<byte> _buffer = new(256);
    private SafeFileHandle? _file;
    private long _written;
    private long _next;
    private (long Out, long Error) _seen;
    private (long Out, long Error) _safe;

    /// <summary>Opens a folder with what is there, or one that does not exist yet.</summary>
    public FileLines(string folder, LogStreamInfo info, long maximumBytes)
    {
        (_folder, _info, _maximumBytes) = (folder, info, maximumBytes);
        _partBytes = Math.Max(SmallestPart, maximumBytes / PartsOfLimit);
        if (!Directory.Exists(folder)) return;
        try
        {
            Open();
        }
        catch (Exception e) when (IsGone(e))
        {
            _segments.Clear();
        }
    }

    /// <inheritdoc/>
    public (long First, long Next) Range => (_segments is [var first, ..] ? first.First : _next, _next);

    /// <inheritdoc/>
    public void Append(LogEvent line, long cursor)
    {
        if ((_segments.Count == 0 || _segments[^1].Bytes >= _partBytes) && !TryBegin()) return;
        int bytes = Put(line, cursor);
        _segments[^1].Add(bytes);
        _next++;
        _seen = line.Source is OutputSource.Out
            ? _seen with { Out = Math.Max(_seen.Out, cursor) }
            : _seen with { Error = Math.Max(_seen.Error, cursor) };
        if (_buffer.WrittenCount >= MostBuffered) Flush();
    }

    /// <inheritdoc/>
    public void Flush()
    {
        if (_buffer.WrittenCount == 0) return;
        try
        {
            _file ??= OpenLast();
            RandomAccess.Write(_file, _buffer.WrittenSpan, _written);
            _written += _buffer.WrittenCount;
            _safe = _seen;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A full disk costs lines, never the job that prints them.
            RollBack();
        }
        _buffer.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Complete()
    {
        Flush();
        _file?.Dispose();
        _file = null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<LogEvent> Read(long from, int most)
    {
        Flush();
        List<LogEvent> lines = [];
        try
        {
            ReadInto(lines, from, most);
        }
        catch (Exception e) when (IsGone(e))
        {
            // What was read before is an answer too.
        }
        return lines;
    }

    /// <inheritdoc/>
    public long ResumeAt(OutputSource source) => source is OutputSource.Out ? _safe.Out : _safe.Error;

    private void ReadInto(List<LogEvent> lines, long from, int most)
    {
        long bytes = 0;
        for (int at = IndexOf(from); at < _segments.Count && lines.Count < most && bytes < LogLimits.BytesAtOnce; at++)
        {
            LogSegment segment = _segments[at];
            long number = Math.Max(from, segment.First);
            if (number >= End(at)) continue;
            using SafeFileHandle file = File.OpenHandle(segment.Path, share: FileShare.ReadWrite | FileShare.Delete);
            LogSegmentReader reader = segment.ReaderAt(file, number);
            while (number < End(at) && lines.Count < most && bytes < LogLimits.BytesAtOnce && reader.Next() is { } line)
            {
                lines.Add(Event(line, number++));
                bytes += line.TotalBytes;
            }
        }
    }

    private void Open()
    {
        IEnumerable<string> files = Directory.EnumerateFiles(_folder, "*" + LogSegment.Extension).Order(StringComparer.Ordinal);
        foreach (string file in files)
        {
            if (!long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out long first))
                continue;
            var segment = new LogSegment(_folder, first);
            segment.BeginUnknown(new FileInfo(file).Length);
            _segments.Add(segment);
        }
        // A file without even its beginning.
        if (_segments is [.., { Bytes: < LogSegment.HeaderBytes }]) DropLast();
        RollBack();
    }

    private SafeFileHandle OpenLast()
    {
        PrivateFiles.Prepare(_segments[^1].Path);
        SafeFileHandle file =
            File.OpenHandle(_segments[^1].Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        // What stands behind the last whole line was not written to its end.
        RandomAccess.SetLength(file, _written);
        return file;
    }

    // Back to what the files hold.
    private void RollBack()
    {
        _file?.Dispose();
        _file = null;
        while (_segments is [.., var dropped] && !File.Exists(dropped.Path)) DropLast();
        if (_segments is not [.., var last]) return;
        _safe = _seen = last.Scan();
        (_next, _written) = (last.First + last.Count, last.Bytes);
    }

    // A log is deleted, with its group or because its job is forgotten, while others open and read it. Who comes too late finds it empty.
    private static bool IsGone(Exception e) => e is FileNotFoundException or DirectoryNotFoundException;

    private void DropLast()
    {
        if (File.Exists(_segments[^1].Path)) File.Delete(_segments[^1].Path);
        _next = _segments[^1].First;
        _segments.RemoveAt(_segments.Count - 1);
    }

    private bool TryBegin()
    {
        Flush();
        _file?.Dispose();
        _file = null;
        try
        {
            PrivateFiles.CreateFolder(_folder);
            while (_segments.Count > 1 && _segments.Sum(one => one.Bytes) > _maximumBytes - _partBytes) DropFirst();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
        var segment = new LogSegment(_folder, _next);
        segment.BeginEmpty();
        _segments.Add(segment);
        _written = 0;
        _buffer.Write(LogSegment.Header(_seen.Out, _seen.Error));
        return true;
    }

    private void DropFirst()
    {
        File.Delete(_segments[0].Path);
        _segments.RemoveAt(0);
    }

    private int Put(LogEvent line, long cursor)
    {
        int length = Encoding.UTF8.GetByteCount(line.Message);
        Span<byte> span = _buffer.GetSpan(LogSegment.LineHeaderBytes + length);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        BinaryPrimitives.WriteInt64LittleEndian(span[sizeof(int)..], line.Time.UtcTicks);
        span[sizeof(int) + sizeof(long)] = (byte)line.Source;
        BinaryPrimitives.WriteInt64LittleEndian(span[(sizeof(int) + sizeof(long) + 1)..], cursor);
        Encoding.UTF8.GetBytes(line.Message, span[LogSegment.LineHeaderBytes..]);
        _buffer.Advance(LogSegment.LineHeaderBytes + length);
        return LogSegment.LineHeaderBytes + length;
    }

    private int IndexOf(long number)
    {
        int at = _segments.Count - 1;
        while (at > 0 && _segments[at].First > number) at--;
        return Math.Max(at, 0);
    }

    private long End(int at) => at + 1 < _segments.Count ? _segments[at + 1].First : _next;

    private LogEvent Event(SegmentLine line, long number) => new()
    {
        Time = line.Time,
        Message = line.Text,
        Source = line.Source,
        JobId = _info.JobId,
        Attempt = _info.Attempt,
        LogStreamName = _info.Name,
        Number = number,
    };
}
