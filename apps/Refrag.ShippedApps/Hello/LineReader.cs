namespace Refrag.ShippedApps.Hello;

/// <summary>Reads lines of limited length from a stranger.</summary>
internal sealed class LineReader(Stream stream)
{
    /// <summary>A greeting with the longest message and host fits twice.</summary>
    public const int LongestLine = 64 * 1024;

    private readonly byte[] _buffer = new byte[LongestLine];
    private int _start;
    private int _end;

    /// <summary>The next line without its end; null at the end of the stream, and where a line is longer than allowed.</summary>
    public async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                byte[] line = _buffer.AsSpan(_start, length).ToArray();
                _start += length + 1;
                return line;
            }
            Compact();
            if (_end == _buffer.Length) return null;
            int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (count == 0) return null;
            _end += count;
        }
    }

    private void Compact()
    {
        Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
        (_start, _end) = (0, _end - _start);
    }
}
