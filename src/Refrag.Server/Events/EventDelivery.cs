using Refrag.Server.Limits;

namespace Refrag.Server.Events;

/// <summary>The file and the webhook of one server.</summary>
internal sealed class EventDelivery : IAsyncDisposable
{
    // An hour of a busy engine, about; an event takes a few hundred bytes.
    private const int Waiting = 100_000;
    private readonly List<EventSubscription> _subscriptions = [];
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _end = new();
    private readonly TimeProvider _time;
    private HttpClient? _http;

    private EventDelivery(TimeProvider time) => _time = time;

    /// <summary>Starts what is asked for.</summary>
    /// <param name="events">The events; null for none.</param>
    /// <param name="file">The file that they are written to, opened; null for none.</param>
    /// <param name="webhook">The address that they are sent to; null for none.</param>
    /// <param name="log">Hears of what goes wrong.</param>
    /// <param name="time">The clock.</param>
    public static EventDelivery Start(EventHub? events, FileStream? file, Uri? webhook, Action<string> log, TimeProvider time)
    {
        var delivery = new EventDelivery(time);
        if (events is not { } hub) return delivery;
        if (file is not null) delivery._running.Add(new EventFile(file, delivery.Subscribe(hub), log).RunAsync());
        if (webhook is { } url)
        {
            delivery._http =
                new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) });
            delivery._running.Add(new EventWebhook(url, delivery._http, delivery.Subscribe(hub), log, time).RunAsync(delivery._end.Token));
        }
        return delivery;
    }

    /// <summary>Lets what waits go out, for a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (EventSubscription subscription in _subscriptions) subscription.Dispose();
        using IDisposable limit = _time.RunAfter(ServerLimits.StopTime, _end.Cancel);
        await Task.WhenAll(_running);
        _http?.Dispose();
        _end.Dispose();
    }

    private EventSubscription Subscribe(EventHub hub)
    {
        EventSubscription subscription = hub.Subscribe(Waiting);
        _subscriptions.Add(subscription);
        return subscription;
    }
}
