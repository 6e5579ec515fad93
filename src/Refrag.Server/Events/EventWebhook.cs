using System.Net;
using System.Net.Http.Headers;

namespace Refrag.Server.Events;

/// <summary>
/// Posts events to a URL, one a request, in their order. What fails for a passing reason is tried again, up to five times within about half
/// a minute; then the event is given up, and the log says so.
/// </summary>
internal sealed class EventWebhook(Uri url, HttpClient http, EventSubscription events, Action<string> log, TimeProvider time)
{
    private static readonly TimeSpan[] s_pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4),
        TimeSpan.FromSeconds(8)];
    private static readonly TimeSpan s_answerTime = TimeSpan.FromSeconds(10);

    /// <summary>Posts until the subscription ends or <paramref name="cancellationToken"/> cuts it short.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (PublishedEvent published in events.Reader.ReadAllAsync(cancellationToken))
            {
                if (await DeliverAsync(published, cancellationToken) is { } fault)
                    log($"Event {published.Id} was not taken by {url}: {fault}. It is given up.");
                if (events.TakeMissed() is > 0 and var missed)
                    log($"{missed} events came faster than {url} takes them, and were not sent.");
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops; what waits is lost, as the guide says.
        }
    }

    private async Task<string?> DeliverAsync(PublishedEvent published, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            (string? fault, bool isPassing) = await PostAsync(published, cancellationToken);
            if (fault is null || !isPassing || attempt == s_pauses.Length) return fault;
            await Task.Delay(s_pauses[attempt], time, cancellationToken);
        }
    }

    private async Task<(string? Fault, bool IsPassing)> PostAsync(PublishedEvent published, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(s_answerTime, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(published.Json) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return answer.IsSuccessStatusCode ? (null, false) : ($"it answered {(int)answer.StatusCode}", IsPassing(answer.StatusCode));
        }
        catch (HttpRequestException e)
        {
            return (e.Message, true);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ($"no answer within {s_answerTime.TotalSeconds:0} s", true);
        }
    }

    private static bool IsPassing(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
}
