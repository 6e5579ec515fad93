using System.Text;

namespace Refrag.CodeArchives;

/// <summary>
/// Writes an archive of tar whose bytes follow from paths, contents, links and the bit for execution alone, whatever library or system
/// writes it: its hash is the code's address. GNU's form, which every tar reads. (tar(5), GNU tar archives)
/// </summary>
internal static class TarFormat
{
    /// <summary>Names the bytes that are written for the same files: another name where they differ.</summary>
    public const string Version = "gnu 1";

    private const int Block = 512;
    private const int BufferBytes = 1 << 17;
    private const int NameBytes = 100;

    // 2000-01-01: a date of no meaning that tools accept; archives of zip, as of Python's wheels, begin with 1980.
    private const long Time = 946_684_800;

    private const char OfFile = '0', OfLink = '2', OfLongTarget = 'K', OfLongName = 'L';

    /// <summary>
    /// Writes the files of a folder. Throws <see cref="CodeFileException"/> where one of them cannot be read as it was listed.
    /// </summary>
    public static async Task WriteAsync(Stream output, CodeListing code, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[BufferBytes];
        foreach (CodeFile file in code.Files)
        {
            await WriteHeaderAsync(output, file, cancellationToken);
            if (file.LinkTarget is null) await WriteContentAsync(output, code.Folder, file, buffer, cancellationToken);
        }
        await output.WriteAsync(new byte[2 * Block], cancellationToken);
    }

    private static async Task WriteHeaderAsync(Stream output, CodeFile file, CancellationToken cancellationToken)
    {
        byte[] name = Encoding.UTF8.GetBytes(file.Path);
        byte[] target = Encoding.UTF8.GetBytes(file.LinkTarget ?? "");
        if (target.Length > NameBytes) await WriteLongAsync(output, OfLongTarget, target, cancellationToken);
        if (name.Length > NameBytes) await WriteLongAsync(output, OfLongName, name, cancellationToken);
        (char type, int mode) = file.LinkTarget is not null ? (OfLink, 0x1ff) : (OfFile, file.IsExecutable ? 0x1ed : 0x1a4);
        await output.WriteAsync(Header(name, target, type, mode, file.Bytes), cancellationToken);
    }

    private static async Task WriteContentAsync(
        Stream output, string folder, CodeFile file, byte[] buffer, CancellationToken cancellationToken)
    {
        using FileStream content = Open(folder, file);
        long left = file.Bytes;
        while (true)
        {
            int read = await ReadAsync(content, file, buffer, cancellationToken);
            if (read > left || (read == 0 && left > 0)) throw CodeFileException.Changed(file.Path);
            if (read == 0) break;
            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            left -= read;
        }
        await output.WriteAsync(Padding(file.Bytes), cancellationToken);
    }

    private static FileStream Open(string folder, CodeFile file)
    {
        try
        {
            return new FileStream(
                Path.Combine(folder, file.Path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0,
                FileOptions.SequentialScan);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CodeFileException.Changed(file.Path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CodeFileException.Unreadable(file.Path, fault.Message);
        }
    }

    private static async Task<int> ReadAsync(FileStream content, CodeFile file, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw CodeFileException.Unreadable(file.Path, fault.Message);
        }
    }

    // A name that has no room in a header is the content of an entry before it.
    private static async Task WriteLongAsync(Stream output, char type, byte[] text, CancellationToken cancellationToken)
    {
        byte[] ended = [.. text, 0];
        await output.WriteAsync(Header("././@LongLink"u8, [], type, mode: 0, ended.Length), cancellationToken);
        await output.WriteAsync(ended, cancellationToken);
        await output.WriteAsync(Padding(ended.Length), cancellationToken);
    }

    private static byte[] Padding(long bytes) => new byte[(Block - (bytes % Block)) % Block];

    private static byte[] Header(ReadOnlySpan<byte> name, ReadOnlySpan<byte> target, char type, int mode, long bytes)
    {
        byte[] header = new byte[Block];
        name[..Math.Min(name.Length, NameBytes)].CopyTo(header);
        Octal(header.AsSpan(100, 8), mode);
        Octal(header.AsSpan(108, 8), 0);
        Octal(header.AsSpan(116, 8), 0);
        Octal(header.AsSpan(124, 12), bytes);
        Octal(header.AsSpan(136, 12), Time);
        header.AsSpan(148, 8).Fill((byte)' ');
        header[156] = (byte)type;
        target[..Math.Min(target.Length, NameBytes)].CopyTo(header.AsSpan(157));
        "ustar  "u8.CopyTo(header.AsSpan(257));
        // Six digits, a zero and a space, of the sum over the header with spaces in this place.
        int sum = 0;
        foreach (byte value in header) sum += value;
        Octal(header.AsSpan(148, 7), sum);
        header[154] = 0;
        return header;
    }

    private static void Octal(Span<byte> field, long value) =>
        Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(field.Length - 1, '0'), field[..^1]);
}
