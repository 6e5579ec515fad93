using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Logs;

/// <summary>Walks through a file of lines.</summary>
internal sealed class LogSegmentReader(SafeFileHandle file, long position)
{
    private const int ChunkBytes = 64 * 1024;
    private byte[] _chunk = new byte[ChunkBytes];
    private int _start;
    private int _end;
    private long _position = position;

    /// <summary>The cursors before the first line; null if the file is too short to have any.</summary>
    public (long Out, long Error)? ReadHeader()
    {
        if (!Have(LogSegment.HeaderBytes)) return null;
        ReadOnlySpan<byte> header = Read(LogSegment.HeaderBytes);
        return (BinaryPrimitives.ReadInt64LittleEndian(header), BinaryPrimitives.ReadInt64LittleEndian(header[sizeof(long)..]));
    }

    /// <summary>The next line; null at the end, and before a line that was not written to its end.</summary>
    public SegmentLine? Next()
    {
        if (!Have(LogSegment.LineHeaderBytes)) return null;
        ReadOnlySpan<byte> header = _chunk.AsSpan(_start, LogSegment.LineHeaderBytes);
        int length = BinaryPrimitives.ReadInt32LittleEndian(header);
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(header[sizeof(int)..]);
        // After a power failure a file may end in zeros.
        if (length < 0 || ticks <= 0 || !Have(LogSegment.LineHeaderBytes + length)) return null;
        ReadOnlySpan<byte> whole = Read(LogSegment.LineHeaderBytes + length);
        return new SegmentLine(
            new DateTimeOffset(ticks, TimeSpan.Zero),
            (OutputSource)whole[sizeof(int) + sizeof(long)],
            BinaryPrimitives.ReadInt64LittleEndian(whole[(sizeof(int) + sizeof(long) + 1)..]),
            Encoding.UTF8.GetString(whole[LogSegment.LineHeaderBytes..]),
            whole.Length);
    }

    private ReadOnlySpan<byte> Read(int bytes)
    {
        _start += bytes;
        return _chunk.AsSpan(_start - bytes, bytes);
    }

    private bool Have(int bytes)
    {
        if (_end - _start >= bytes) return true;
        byte[] next = bytes > _chunk.Length ? new byte[bytes + ChunkBytes] : _chunk;
        _chunk.AsSpan(_start, _end - _start).CopyTo(next);
        (_end, _start, _chunk) = (_end - _start, 0, next);
        while (_end < bytes)
        {
            int read = RandomAccess.Read(file, _chunk.AsSpan(_end), _position);
            if (read == 0) return false;
            _position += read;
            _end += read;
        }
        return true;
    }
}
