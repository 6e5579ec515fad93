using System.Runtime.CompilerServices;
using System.Text;
using Refrag.Aws.Batch;

namespace Refrag.Aws.Events;

/// <summary>
/// Reads the events that refrag's own server streams: server-sent events, whose data are events in EventBridge's form. AWS has no such
/// stream. (WHATWG HTML, "Server-sent events")
/// </summary>
/// <param name="client">The way to the server.</param>
/// <param name="time">The clock.</param>
public sealed class EventFeed(AwsClient client, TimeProvider time)
{
    private const string Path = "/refrag/events";
    private const string Data = "data:";

    // The server sends something every 15 s: a stream that is silent for longer is broken.
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The jobs of the events of a region, as they come. Ends when the server ends the stream or is silent for a minute. Fails with
    /// <see cref="HttpRequestException"/> or <see cref="IOException"/> if the server has no stream or it breaks, and with
    /// <see cref="AwsException"/> if the request cannot be signed.
    /// </summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<JobDetail> JobsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(s_silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        using Stream content = await client.OpenStreamAsync(AwsService.Batch, Path, either.Token);
        using var lines = new StreamReader(content, Encoding.UTF8);
        var data = new StringBuilder();
        while (await NextAsync(lines, either.Token, cancellationToken) is { } line)
        {
            silence.CancelAfter(s_silence);
            if (line.StartsWith(Data, StringComparison.Ordinal))
            {
                data.Append(line.AsSpan(Data.Length)).Append('\n');
                continue;
            }
            if (line.Length > 0 || data.Length == 0) continue;
            JobDetail? job = EventBridgeJson.ReadJob(Encoding.UTF8.GetBytes(data.ToString()));
            data.Clear();
            if (job is not null) yield return job;
        }
    }

    private static async Task<string?> NextAsync(StreamReader lines, CancellationToken either, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(either);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
