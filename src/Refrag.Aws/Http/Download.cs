namespace Refrag.Aws;

/// <summary>One download of limited size and time.</summary>
internal static class Download
{
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(20);

    public static async Task<byte[]> GetAsync(HttpClient http, Uri url, int most, TimeProvider time, CancellationToken cancellationToken)
    {
        // The URL comes from a service: it must not make us talk to just any host.
        if (url.Scheme != Uri.UriSchemeHttps && !(url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))
            throw new InvalidDataException($"{url.Scheme}://{url.Host} is not fetched: only https is");
        using var limit = new CancellationTokenSource(s_longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpResponseMessage response = await http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, both.Token);
            response.EnsureSuccessStatusCode();
            using Stream content = await response.Content.ReadAsStreamAsync(both.Token);
            return await ReadAsync(content, most, both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{url.Host} did not answer within {s_longest.TotalSeconds:0} s", e);
        }
    }

    // The length that the answer names may be wrong or missing: what counts is what comes.
    private static async Task<byte[]> ReadAsync(Stream content, int most, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        byte[] part = new byte[16 * 1024];
        int read;
        while ((read = await content.ReadAsync(part, cancellationToken)) > 0)
        {
            if (all.Length + read > most) throw new InvalidDataException($"more than {most} bytes");
            all.Write(part, 0, read);
        }
        return all.ToArray();
    }
}
