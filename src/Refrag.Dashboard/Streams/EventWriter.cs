using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Refrag.Dashboard.Streams;

/// <summary>Server-sent events, one JSON object each. (WHATWG HTML, "Server-sent events")</summary>
/// <param name="response">Where they go.</param>
/// <param name="time">The clock of the pulse.</param>
internal sealed class EventWriter(HttpResponse response, TimeProvider time)
{
    // Shorter than proxies and browsers give up on a silent connection.
    private static readonly TimeSpan s_pulse = TimeSpan.FromSeconds(15);

    /// <summary>Begins the answer.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream";
        // A second until the browser comes back after the server was away.
        await response.WriteAsync("retry: 1000\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>Sends an object under a name.</summary>
    public async Task SendAsync<T>(string name, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        // JSON has no raw line breaks, so an object is one line.
        await response.WriteAsync($"event: {name}\ndata: ", cancellationToken);
        await response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(value, type), cancellationToken);
        await response.WriteAsync("\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }

    /// <summary>Waits for what <paramref name="came"/> waits for, with a pulse meanwhile.</summary>
    public async Task WaitAsync(Func<CancellationToken, Task> came, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task waiting = came(stop.Token);
        try
        {
            while (await Task.WhenAny(waiting, Task.Delay(s_pulse, time, stop.Token)) != waiting)
            {
                stop.Token.ThrowIfCancellationRequested();
                await response.Body.WriteAsync(": \n\n"u8.ToArray(), stop.Token);
                await response.Body.FlushAsync(stop.Token);
            }
        }
        finally
        {
            await stop.CancelAsync();
        }
        await waiting;
    }
}
