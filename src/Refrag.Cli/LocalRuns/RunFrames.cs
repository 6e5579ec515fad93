using System.Buffers.Binary;
using System.Text;

namespace Refrag.Cli.LocalRuns;

/// <summary>
/// How a run and its readers talk: a request is the operation's name and its JSON, an answer a byte that says how it went and JSON. Each
/// part has its length before it.
/// </summary>
internal static class RunFrames
{
    /// <summary>The answer is the operation's.</summary>
    public const byte Answered = 0;

    /// <summary>The answer is a <see cref="RunFailure"/>.</summary>
    public const byte Refused = 1;

    // Ten thousand lines of a log, at a quarter of a MiB each at the very most, do not come in one answer: pages end before.
    private const int Longest = 64 * 1_048_576;

    /// <summary>Writes one part.</summary>
    public static async Task WriteAsync(Stream stream, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        byte[] length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, part.Length);
        await stream.WriteAsync(length, cancellationToken);
        await stream.WriteAsync(part, cancellationToken);
    }

    /// <summary>Writes a word.</summary>
    public static Task WriteAsync(Stream stream, string word, CancellationToken cancellationToken) =>
        WriteAsync(stream, Encoding.UTF8.GetBytes(word), cancellationToken);

    /// <summary>Reads one part; null at the end. Throws <see cref="IOException"/> where it breaks off.</summary>
    public static async Task<byte[]?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] head = new byte[sizeof(int)];
        int got = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellationToken);
        if (got == 0) return null;
        if (got < head.Length) throw new EndOfStreamException();
        int length = BinaryPrimitives.ReadInt32LittleEndian(head);
        if (length is < 0 or > Longest) throw new InvalidDataException("The message is not one of refrag's.");
        byte[] part = new byte[length];
        await stream.ReadExactlyAsync(part, cancellationToken);
        return part;
    }
}
