using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Refrag.Runners.Attempts;
using Refrag.Runners.Processes;

namespace Refrag.Runners.Containers;

/// <summary>
/// Takes apart what the logs of a container without a terminal are: frames of a source, a length and an entry, each entry with its time
/// before it. An entry's cursor is its time in nanoseconds since 1970, or one more than the entry's before it where that is not later:
/// podman's times have whole seconds only. So reading again from the beginning of a second gives the same cursors again.
/// </summary>
internal sealed class LogFrames
{
    private const int HeaderBytes = 8;
    private const int LongestEntry = 64 * 1_048_576;
    private const int LongestTime = 40;
    private const long NanosecondsOfSecond = 1_000_000_000;
    private readonly IOutputSink _sink;
    private readonly Dictionary<OutputSource, long> _before = [];
    private readonly Dictionary<OutputSource, LineSplitter> _splitters;
    private readonly Dictionary<OutputSource, long> _done;
    private DateTimeOffset _time;
    private long _cursor;

    public LogFrames(IOutputSink sink)
    {
        _sink = sink;
        OutputSource[] sources = [OutputSource.Out, OutputSource.Error];
        _splitters =
            sources.ToDictionary(
                source => source, source => new LineSplitter(text => sink.Write(new OutputLine(_time, source, text, _cursor))));
        _done = sources.ToDictionary(source => source, sink.ResumeAt);
    }

    /// <summary>From when on the logs are wanted, in seconds since 1970; what has been taken since then is left out.</summary>
    public string Since =>
        (_done.Values.Where(cursor => cursor > 0).DefaultIfEmpty(0).Min() / NanosecondsOfSecond).ToString(CultureInfo.InvariantCulture);

    /// <summary>Reads to the end of the stream.</summary>
    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] header = new byte[HeaderBytes];
        _before.Clear();
        while (await stream.ReadAtLeastAsync(header, HeaderBytes, throwOnEndOfStream: false, cancellationToken) == HeaderBytes)
        {
            int length = (int)BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4));
            if (header[0] > 2 || length is < 0 or > LongestEntry)
                throw new InvalidDataException("The container engine's log stream is not made of frames.");
            byte[] entry = new byte[length];
            if (await stream.ReadAtLeastAsync(entry, length, throwOnEndOfStream: false, cancellationToken) < length) return;
            Add(header[0] == 2 ? OutputSource.Error : OutputSource.Out, entry);
            _sink.Flush();
        }
    }

    /// <summary>Takes what is left as last lines.</summary>
    public void Finish()
    {
        foreach (LineSplitter splitter in _splitters.Values) splitter.Finish();
        _sink.Flush();
    }

    private void Add(OutputSource source, ReadOnlySpan<byte> entry)
    {
        int space = entry.IndexOf((byte)' ');
        if (space is > 0 and < LongestTime && TryTime(entry[..space], out DateTimeOffset time, out long cursor))
        {
            cursor = _before[source] = Math.Max(cursor, _before.GetValueOrDefault(source) + 1);
            if (cursor <= _done[source]) return;
            (_time, _cursor, _done[source]) = (time, cursor, cursor);
            entry = entry[(space + 1)..];
        }
        _splitters[source].Append(entry);
    }

    // Such as 2026-11-22T21:20:03.123456789Z; .NET's own times end at 100 ns.
    private static bool TryTime(ReadOnlySpan<byte> bytes, out DateTimeOffset time, out long nanoseconds)
    {
        string text = Encoding.ASCII.GetString(bytes);
        nanoseconds = 0;
        int dot = text.IndexOf('.', StringComparison.Ordinal), end = dot < 0
            ? -1
            : text.AsSpan(dot + 1).IndexOfAnyExceptInRange('0', '9') + dot + 1;
        string whole = dot < 0 ? text : string.Concat(text.AsSpan(0, dot), text.AsSpan(Math.Max(end, dot)));
        if (!DateTimeOffset.TryParse(whole, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)) return false;
        if (dot >= 0
            && !long.TryParse(text[(dot + 1)..end].PadRight(9, '0')[..9], NumberStyles.None, CultureInfo.InvariantCulture, out nanoseconds))
            return false;
        time = time.AddTicks(nanoseconds / 100).ToUniversalTime();
        nanoseconds += (time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerSecond * NanosecondsOfSecond;
        return true;
    }
}
