using System.Collections.Immutable;
using System.Threading.Channels;
using Refrag.Aws.Events;

namespace Refrag.Server.Events;

/// <summary>
/// Takes the engine's events and hands each to all who listen. Nothing here makes the engine wait: a listener that is slower than events
/// come loses the oldest, and learns how many.
/// </summary>
public sealed class EventHub : IEventSink
{
    private ImmutableList<EventSubscription> _subscriptions = [];

    /// <inheritdoc/>
    public bool IsWanted => !Volatile.Read(ref _subscriptions).IsEmpty;

    /// <inheritdoc/>
    public void Publish(BatchEvent happened)
    {
        ImmutableList<EventSubscription> listening = Volatile.Read(ref _subscriptions);
        if (listening.IsEmpty) return;
        var published = new PublishedEvent(Guid.CreateVersion7(happened.Time), happened);
        foreach (EventSubscription subscription in listening) subscription.Offer(published);
    }

    /// <summary>Begins to listen; ends when the subscription is disposed of.</summary>
    /// <param name="capacity">How many events may wait.</param>
    /// <param name="region">The region whose events are wanted; null for all.</param>
    internal EventSubscription Subscribe(int capacity, string? region = null)
    {
        var subscription =
            new EventSubscription(
                capacity, region, gone => ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Remove(one), gone));
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Add(one), subscription);
        return subscription;
    }
}

/// <summary>An event, written at the first use and not on the engine's thread.</summary>
internal sealed class PublishedEvent(Guid id, BatchEvent happened)
{
    private readonly Lazy<byte[]> _json = new(() => EventBridgeJson.Write(happened, id));

    public Guid Id => id;

    public string DetailType => happened.DetailType;

    public string Region => happened.Region;

    /// <summary>The event in EventBridge's envelope, on one line.</summary>
    public ReadOnlyMemory<byte> Json => _json.Value;
}

/// <summary>One listener's events.</summary>
internal sealed class EventSubscription : IDisposable
{
    private readonly Channel<PublishedEvent> _waiting;
    private readonly string? _region;
    private readonly Action<EventSubscription> _gone;
    private long _missed;

    public EventSubscription(int capacity, string? region, Action<EventSubscription> gone)
    {
        (_region, _gone) = (region, gone);
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _waiting = Channel.CreateBounded<PublishedEvent>(options, _ => Interlocked.Increment(ref _missed));
    }

    /// <summary>What came and was not read yet.</summary>
    public ChannelReader<PublishedEvent> Reader => _waiting.Reader;

    /// <summary>How many events were lost since this was last asked.</summary>
    public long TakeMissed() => Interlocked.Exchange(ref _missed, 0);

    public void Offer(PublishedEvent published)
    {
        if (_region is null || _region == published.Region) _waiting.Writer.TryWrite(published);
    }

    public void Dispose()
    {
        _gone(this);
        _waiting.Writer.TryComplete();
    }
}
