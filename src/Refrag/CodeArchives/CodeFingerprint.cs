using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Refrag.CodeArchives;

/// <summary>
/// What the system reports of all files of a folder, as one hash: while it is the same, the archive is the same. It is worked out without
/// reading a file.
/// </summary>
internal static class CodeFingerprint
{
    /// <summary>The hash, in 64 hexadecimal digits; null if the system does not report enough of a file.</summary>
    public static string? Of(CodeListing listing)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, TarFormat.Version);
        Append(hash, listing.Folder);
        foreach (CodeFile file in listing.Files)
        {
            if (file.Stamp is null && file.LinkTarget is null) return null;
            Append(hash, file.Path);
            Append(hash, file.LinkTarget);
            Append(hash, file.Stamp);
        }
        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    // The length in front keeps two texts apart from one that is both.
    private static void Append(IncrementalHash hash, string? text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text ?? "");
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, FileStamp? stamp)
    {
        FileStamp known = stamp ?? default;
        ReadOnlySpan<long> numbers =
            [known.Bytes, known.IsExecutable ? 1 : 0, known.Modified, known.Changed, (long)known.Number, (long)known.Device];
        Span<byte> bytes = stackalloc byte[numbers.Length * sizeof(long)];
        for (int i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes[(i * sizeof(long))..], numbers[i]);
        hash.AppendData(bytes);
    }
}
