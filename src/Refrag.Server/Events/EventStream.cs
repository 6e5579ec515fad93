using System.Text;
using Microsoft.AspNetCore.Http;
using Refrag.Server.Failures;
using Refrag.Server.Limits;

namespace Refrag.Server.Events;

/// <summary><c>GET /refrag/events</c>: events as they come, as server-sent events. (WHATWG HTML, "Server-sent events")</summary>
internal sealed class EventStream(EventHub hub, TimeProvider time)
{
    /// <summary>Where it is.</summary>
    public const string Path = "/refrag/events";

    // A job has about seven events; a reader may be this far behind.
    private const int Waiting = 4096;
    // Shorter than proxies and clients give up on a silent connection.
    private static readonly TimeSpan s_pulse = TimeSpan.FromSeconds(15);
    private int _readers;

    /// <summary>Writes the events of a region until the reader goes or the server stops.</summary>
    public async Task WriteAsync(HttpResponse response, string region, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _readers) > ServerLimits.EventReaders)
                throw new ServiceFault(
                    "TooManyRequestsException", "Too many read the events already.", System.Net.HttpStatusCode.TooManyRequests);
            using EventSubscription events = hub.Subscribe(Waiting, region);
            response.ContentType = "text/event-stream";
            response.Headers.CacheControl = "no-store";
            await SendAsync(response, ": events of AWS Batch follow\n\n", cancellationToken);
            while (!cancellationToken.IsCancellationRequested) await NextAsync(response, events, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The reader is gone, or the server stops.
        }
        finally
        {
            Interlocked.Decrement(ref _readers);
        }
    }

    private async Task NextAsync(HttpResponse response, EventSubscription events, CancellationToken cancellationToken)
    {
        if (!await CameAsync(events, cancellationToken)) await SendAsync(response, ": \n\n", cancellationToken);
        if (events.TakeMissed() is > 0 and var missed)
            await SendAsync(response, $": {missed} events came faster than they were read\n\n", cancellationToken);
        while (events.Reader.TryRead(out PublishedEvent? published))
        {
            await response.Body.WriteAsync(
                Encoding.UTF8.GetBytes($"id: {published.Id}\nevent: {published.DetailType}\ndata: "), cancellationToken);
            await response.Body.WriteAsync(published.Json, cancellationToken);
            await SendAsync(response, "\n\n", cancellationToken);
        }
    }

    // False when nothing came for a while.
    private async Task<bool> CameAsync(EventSubscription events, CancellationToken cancellationToken)
    {
        using var pulse = new CancellationTokenSource(s_pulse, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, pulse.Token);
        try
        {
            return await events.Reader.WaitToReadAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task SendAsync(HttpResponse response, string text, CancellationToken cancellationToken)
    {
        await response.WriteAsync(text, cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
