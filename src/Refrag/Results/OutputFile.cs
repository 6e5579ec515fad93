using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace Refrag.Results;

/// <summary>
/// A file that a program may be writing. It is opened without the advisory lock that .NET takes otherwise: a program in .NET that wants the
/// file alone would be refused meanwhile.
/// </summary>
internal sealed partial class OutputFile : IDisposable
{
    private const int BufferBytes = 1 << 17;

    // O_RDONLY and O_CLOEXEC. (fcntl.h of Linux, all architectures that .NET knows; of macOS)
    private const int LinuxFlags = 0x80000;
    private const int AppleFlags = 0x1000000;
    private const int NoSuchFile = 2, NotADirectory = 20;

    private readonly SafeFileHandle _handle;

    private OutputFile(SafeFileHandle handle)
    {
        _handle = handle;
        Bytes = RandomAccess.GetLength(handle);
        Modified = File.GetLastWriteTimeUtc(handle);
    }

    /// <summary>Its size when it was opened.</summary>
    public long Bytes { get; }

    /// <summary>When it was changed last, as it was opened.</summary>
    public DateTime Modified { get; }

    /// <summary>Opens a file to read it. Throws <see cref="OutputFileException"/>.</summary>
    public static OutputFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = Handle(path);
            return new OutputFile(handle);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            handle?.Dispose();
            throw new OutputFileException(
                fault is FileNotFoundException or DirectoryNotFoundException ? OutputFault.Gone : OutputFault.Unreadable, fault.Message);
        }
    }

    /// <summary>What it held when it was opened. Throws <see cref="OutputFileException"/>.</summary>
    public async Task<byte[]> BytesAsync(CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[Bytes];
        for (int at = 0; at < bytes.Length;) at += await ReadAsync(bytes.AsMemory(at), at, cancellationToken);
        return bytes;
    }

    /// <summary>SHA-256 of what it held when it was opened: of as many bytes. Throws <see cref="OutputFileException"/>.</summary>
    public async Task<string> DigestAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[BufferBytes];
        for (long at = 0; at < Bytes;)
        {
            int read = await ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferBytes, Bytes - at)), at, cancellationToken);
            hash.AppendData(buffer.AsSpan(0, read));
            at += read;
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The same bytes, once more; throws <see cref="OutputFileException"/> before their end if they are others now.</summary>
    public Stream Read(string digest) => new SecondReading(this, digest);

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private async ValueTask<int> ReadAsync(Memory<byte> buffer, long at, CancellationToken cancellationToken)
    {
        int read;
        try
        {
            read = await RandomAccess.ReadAsync(_handle, buffer, at, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new OutputFileException(OutputFault.Unreadable, fault.Message);
        }
        return read > 0 ? read : throw OutputFileException.Changed();
    }

    private static SafeFileHandle Handle(string path)
    {
        if (OperatingSystem.IsWindows())
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        int descriptor = OpenDescriptor(path, OperatingSystem.IsMacOS() ? AppleFlags : LinuxFlags);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        int error = Marshal.GetLastPInvokeError();
        string why = Marshal.GetPInvokeErrorMessage(error);
        throw error is NoSuchFile or NotADirectory ? new FileNotFoundException(why) : new IOException(why);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    /// <summary>The bytes that were hashed before, or none that a store would keep.</summary>
    private sealed class SecondReading(OutputFile file, string digest) : Stream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private long _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int wanted = (int)Math.Min(buffer.Length, file.Bytes - _at);
            if (wanted == 0) return 0;
            int read = await file.ReadAsync(buffer[..wanted], _at, cancellationToken);
            _hash.AppendData(buffer.Span[..read]);
            _at += read;
            // Before the last bytes are handed out, so that a store never has them all.
            if (_at == file.Bytes && Convert.ToHexStringLower(_hash.GetCurrentHash()) != digest) throw OutputFileException.Changed();
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _hash.Dispose();
            base.Dispose(disposing);
        }
    }
}
