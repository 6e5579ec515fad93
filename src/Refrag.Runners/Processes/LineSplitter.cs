using System.Buffers;
using System.Text;

namespace Refrag.Runners.Processes;

/// <summary>
/// Bytes in, lines out. A line ends with a line feed, with or without a carriage return before it. Bytes that are not UTF-8 become
/// U+FFFD. A line of more than <see cref="MaximumBytes"/> bytes comes in pieces, never cut inside a character.
/// </summary>
internal sealed class LineSplitter(Action<string> line, int maximumBytes = LineSplitter.MaximumBytes)
{
    /// <summary>The most bytes in one line: an event of CloudWatch Logs has 256 KiB, and 26 bytes of them are its own.</summary>
    public const int MaximumBytes = (256 * 1024) - 26;

    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';
    private readonly ArrayBufferWriter<byte> _rest = new();

    /// <summary>
    /// How many bytes the lines so far took, with their line breaks; what is read again from there on gives the lines that follow.
    /// </summary>
    public long Position { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int end = bytes.IndexOf(LineFeed);
            ReadOnlySpan<byte> part = end < 0 ? bytes : bytes[..end];
            Keep(part);
            if (end < 0) return;
            EmitLine(breakBytes: 1);
            bytes = bytes[(end + 1)..];
        }
    }

    /// <summary>Takes what is left as a last line, where anything is.</summary>
    public void Finish()
    {
        if (_rest.WrittenCount > 0) EmitLine(breakBytes: 0);
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        while (_rest.WrittenCount + part.Length > maximumBytes)
        {
            int room = maximumBytes - _rest.WrittenCount;
            _rest.Write(part[..room]);
            part = part[room..];
            EmitPiece();
        }
        _rest.Write(part);
    }

    // A full buffer whose last character is not complete keeps that character for the next piece.
    private void EmitPiece()
    {
        ReadOnlySpan<byte> all = _rest.WrittenSpan;
        int cut = all.Length - IncompleteAtEnd(all);
        if (cut == 0) cut = all.Length;
        Position += cut;
        line(Encoding.UTF8.GetString(all[..cut]));
        byte[] left = all[cut..].ToArray();
        _rest.ResetWrittenCount();
        _rest.Write(left);
    }

    private void EmitLine(int breakBytes)
    {
        ReadOnlySpan<byte> all = _rest.WrittenSpan;
        Position += all.Length + breakBytes;
        if (all is [.., CarriageReturn]) all = all[..^1];
        line(Encoding.UTF8.GetString(all));
        _rest.ResetWrittenCount();
    }

    private static int IncompleteAtEnd(ReadOnlySpan<byte> bytes)
    {
        for (int back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            byte lead = bytes[^back];
            if ((lead & 0xC0) == 0x80) continue;
            int length = lead switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
            return length > back ? back : 0;
        }
        return 0;
    }
}
