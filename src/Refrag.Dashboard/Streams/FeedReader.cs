using System.Threading.Channels;

namespace Refrag.Dashboard.Streams;

/// <summary>What one page still has to be sent. A page that falls too far behind misses changes and needs a snapshot.</summary>
/// <typeparam name="T">A change.</typeparam>
internal sealed class FeedReader<T>
{
    // Changes that wait for one page: more would be larger than the snapshot that replaces them.
    private const int Waiting = 256;

    private readonly Channel<T> _channel = Channel.CreateBounded<T>(
        new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private int _missed;

    /// <summary>Whether a change was lost.</summary>
    public bool HasMissed => Volatile.Read(ref _missed) != 0;

    /// <summary>Adds a change, or notes that it is lost.</summary>
    public void Add(T change)
    {
        if (!_channel.Writer.TryWrite(change)) Volatile.Write(ref _missed, 1);
    }

    /// <summary>Ends the stream of the page, which comes back by itself: nothing brings changes any more.</summary>
    public void End() => _channel.Writer.TryComplete(new OperationCanceledException());

    /// <summary>Waits for a change.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken) => await _channel.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes the next change; false if none waits.</summary>
    public bool TryTake(out T change) => _channel.Reader.TryRead(out change!);
}
