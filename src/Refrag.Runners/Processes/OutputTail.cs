using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Processes;

/// <summary>
/// Follows a file that a program prints to, and gives back to the system what was taken. The program never waits: where it prints faster
/// than this reads, the oldest is skipped, and a line says how much.
/// </summary>
internal sealed class OutputTail : IDisposable
{
    /// <summary>How far the file may be ahead before the oldest is skipped: bytes.</summary>
    public const long MostBehind = 64 * 1_048_576;

    private const int ChunkBytes = 128 * 1024;
    private const int PunchStep = 1_048_576;
    private const int KeepSizeAndPunch = 0x01 | 0x02;
    private const int MostTries = 300;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly OutputSource _source;
    private readonly IOutputSink _sink;
    private readonly TimeProvider _time;
    private SafeFileHandle? _file;
    private LineSplitter _splitter;
    private DateTimeOffset _now;
    private long _base;
    private long _position;
    private long _punched;
    private bool _isBlocked;

    public OutputTail(string path, OutputSource source, IOutputSink sink, TimeProvider time)
    {
        (_path, _source, _sink, _time) = (path, source, sink, time);
        _base = _position = sink.ResumeAt(source);
        _splitter = NewSplitter();
    }

    /// <summary>Takes what is there. Gives whether there was anything; false too if the file cannot be read now.</summary>
    public bool Read()
    {
        try
        {
            _isBlocked = false;
            return ReadAll();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Without a file descriptor, say. The program continues, and so does this at the next read.
            _isBlocked = true;
            return false;
        }
    }

    private bool ReadAll()
    {
        if (_file is null && !TryOpen()) return false;
        // Borrowed: as a member of each attempt it would be memory that waits most of the time, and too large to be cheap to make.
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            return Read(chunk);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private bool Read(byte[] chunk)
    {
        bool any = false;
        int read;
        while ((read = RandomAccess.Read(_file!, chunk.AsSpan(0, ChunkBytes), _position)) > 0)
        {
            any = true;
            _now = LastWrite();
            _position += read;
            _splitter.Append(chunk.AsSpan(0, read));
            _sink.Flush();
            FreeBlocks();
            SkipWhatIsTooMuch();
        }
        return any;
    }

    /// <summary>Takes what is left, with the rest as a last line. Waits for a while if the file cannot be read now.</summary>
    public async Task FinishAsync()
    {
        Read();
        for (int tries = 0; _isBlocked && tries < MostTries; tries++)
        {
            await Task.Delay(BetweenTries, _time, CancellationToken.None);
            Read();
        }
        _now = _file is null ? _time.GetUtcNow() : LastWrite();
        _splitter.Finish();
        _sink.Flush();
    }

    public void Dispose() => _file?.Dispose();

    private LineSplitter NewSplitter()
    {
        LineSplitter? made = null;
        made = new LineSplitter(text => _sink.Write(new OutputLine(_now, _source, text, _base + made!.Position)));
        return made;
    }

    private bool TryOpen()
    {
        try
        {
            _file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    // Of lines that were printed while no engine was there, the time of the file's last change is the best that is known.
    private DateTimeOffset LastWrite()
    {
        DateTimeOffset now = _time.GetUtcNow(), changed = new(File.GetLastWriteTimeUtc(_file!), TimeSpan.Zero);
        return changed < now ? changed : now;
    }

    private void SkipWhatIsTooMuch()
    {
        long length = RandomAccess.GetLength(_file!);
        if (length - _position <= MostBehind) return;
        long target = length - (MostBehind / 2);
        string text =
            string.Create(CultureInfo.InvariantCulture,
                $"refrag: skipped {target - _base - _splitter.Position} bytes that were printed faster than they could be kept.");
        (_base, _position) = (target, target);
        _splitter = NewSplitter();
        _sink.Write(new OutputLine(_now, _source, text, target));
        _sink.Flush();
        FreeBlocks();
    }

    // Blocks that hold nothing any more go back to the disk while the file keeps growing. Where the file system cannot, it stays long until
    // the attempt is forgotten.
    private void FreeBlocks()
    {
        long safe = _sink.ResumeAt(_source);
        if (!OperatingSystem.IsLinux() || safe - _punched < PunchStep) return;
        long end = safe / PunchStep * PunchStep;
        _ = LibC.Allocate(_file!, KeepSizeAndPunch, _punched, end - _punched);
        _punched = end;
    }
}
