using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Refrag.Runners.Containers;

/// <summary>
/// The Docker Engine API over a Unix socket: Docker and podman both speak it. Every failure is a <see cref="DockerException"/>.
/// </summary>
internal sealed class DockerApi : IDisposable
{
    // The version that podman 4 speaks; a Docker that no longer does says what its oldest is.
    private const string Wanted = "1.41";
    private static readonly TimeSpan TimeForAnswer = TimeSpan.FromMinutes(2);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;
    private string _prefix = "v" + Wanted;

    public DockerApi(string socket, TimeProvider time)
    {
        _time = time;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                try
                {
                    await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancellationToken);
                    return new NetworkStream(connection, ownsSocket: true);
                }
                catch
                {
                    connection.Dispose();
                    throw;
                }
            },
        };
        _client = new HttpClient(handler) { BaseAddress = new Uri("http://localhost/"), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>What the daemon is; from then on its version of the API is spoken.</summary>
    public async Task<DockerVersion> VersionAsync(CancellationToken cancellationToken)
    {
        DockerVersion version = await ReadAsync(HttpMethod.Get, "version", null, DockerJson.Default.DockerVersion, cancellationToken);
        if (Version.TryParse(version.MinApiVersion, out Version? oldest) && oldest > Version.Parse(Wanted))
            _prefix = "v" + version.MinApiVersion;
        return version;
    }

    /// <summary>Makes a container and gives its id.</summary>
    public async Task<string> CreateAsync(string name, CreateContainer body, CancellationToken cancellationToken)
    {
        using var content = Content(body, DockerJson.Default.CreateContainer);
        return (await ReadAsync(HttpMethod.Post, $"{_prefix}/containers/create?name={name}", content, DockerJson.Default.CreatedContainer,
            cancellationToken)).Id;
    }

    /// <summary>Starts it.</summary>
    public Task StartAsync(string id, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Post, $"{_prefix}/containers/{id}/start", cancellationToken);

    /// <summary>Sends it a signal, such as SIGTERM.</summary>
    public Task KillAsync(string id, string signal, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Post, $"{_prefix}/containers/{id}/kill?signal={signal}", cancellationToken);

    /// <summary>Ends and removes it with its unnamed volumes.</summary>
    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Delete, $"{_prefix}/containers/{id}?force=true&v=true", cancellationToken);

    /// <summary>What it is now; null if there is none.</summary>
    public async Task<InspectedContainer?> InspectAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(
                HttpMethod.Get, $"{_prefix}/containers/{id}/json", null, DockerJson.Default.InspectedContainer, cancellationToken);
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Ends when it does not run.</summary>
    public async Task WaitAsync(string id, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response =
            await SendAsync(HttpMethod.Post, $"{_prefix}/containers/{id}/wait", null, limit: null, cancellationToken);
        _ = await BodyAsync(response, DockerJson.Default.WaitedContainer, cancellationToken);
    }

    /// <summary>Those with a label, running or not.</summary>
    public Task<IReadOnlyList<ListedContainer>> ListAsync(string label, CancellationToken cancellationToken) =>
        ReadAsync(HttpMethod.Get, $"{_prefix}/containers/json?all=true&filters={Filter(label)}", null,
            DockerJson.Default.IReadOnlyListListedContainer, cancellationToken);

    /// <summary>Makes a volume with a name, if there is none yet.</summary>
    public async Task MakeVolumeAsync(VolumeShape volume, CancellationToken cancellationToken)
    {
        using var content = Content(volume, DockerJson.Default.VolumeShape);
        try
        {
            using HttpResponseMessage response =
                await SendAsync(HttpMethod.Post, $"{_prefix}/volumes/create", content, TimeForAnswer, cancellationToken);
        }
        catch (DockerException e) when (!e.IsAway)
        {
            // podman looks for the name first and makes the volume then: of two that ask at once, the later is refused.
            if (!await ExistsAsync($"volumes/{volume.Name}", cancellationToken)) throw;
        }
    }

    /// <summary>The volumes with a label.</summary>
    public async Task<IReadOnlyList<VolumeShape>> ListVolumesAsync(string label, CancellationToken cancellationToken) =>
        (await ReadAsync(HttpMethod.Get, $"{_prefix}/volumes?filters={Filter(label)}", null, DockerJson.Default.ListedVolumes,
            cancellationToken)).Volumes ?? [];

    /// <summary>Removes a volume that no container uses.</summary>
    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) =>
        DoAsync(HttpMethod.Delete, $"{_prefix}/volumes/{name}", cancellationToken);

    /// <summary>Its output from a time on, and what comes; the caller disposes it.</summary>
    public async Task<Stream> LogsAsync(string id, string since, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await SendAsync(
            HttpMethod.Get, $"{_prefix}/containers/{id}/logs?follow=true&stdout=true&stderr=true&timestamps=true&since={since}", null,
            limit: null, cancellationToken);
        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>Whether an image is here.</summary>
    public Task<bool> HasImageAsync(string image, CancellationToken cancellationToken) =>
        ExistsAsync($"images/{Uri.EscapeDataString(image)}/json", cancellationToken);

    /// <summary>Fetches an image and reports how far it is. A failure in the middle is a failure too.</summary>
    public async Task PullAsync(string image, Action<string> progress, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Post, $"{_prefix}/images/create?fromImage={Uri.EscapeDataString(image)}", null, limit: null, cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        while (await LineAsync(reader, cancellationToken) is { } line)
        {
            if (line.Length == 0 || JsonSerializer.Deserialize(line, DockerJson.Default.PullProgress) is not { } step) continue;
            if (step.Error is { } error) throw new DockerException(response.StatusCode, error);
            progress(string.Join(' ', new[] { step.Id, step.Status, step.Progress }.Where(part => !string.IsNullOrEmpty(part))));
        }
    }

    public void Dispose() => _client.Dispose();

    private static string Filter(string label)
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> filters = new Dictionary<string, IReadOnlyList<string>> { ["label"] = [label] };
        return Uri.EscapeDataString(JsonSerializer.Serialize(filters, DockerJson.Default.IReadOnlyDictionaryStringIReadOnlyListString));
    }

    private static DockerException Away(Exception e) => new(null, $"The container engine does not answer: {e.Message}") { IsAway = true };

    private static async Task<string?> LineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Away(e);
        }
    }

    private async Task<bool> ExistsAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await DoAsync(HttpMethod.Get, $"{_prefix}/{path}", cancellationToken);
            return true;
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    private async Task DoAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(method, path, null, TimeForAnswer, cancellationToken);
    }

    private static ByteArrayContent Content<T>(T body, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(body, type)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private async Task<T> ReadAsync<T>(
        HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await SendAsync(method, path, content, TimeForAnswer, cancellationToken);
        return await BodyAsync(response, type, cancellationToken);
    }

    private static async Task<T> BodyAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        try
        {
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), type)
                ?? throw new DockerException(null, "The container engine answered nothing.");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw Away(e);
        }
        catch (JsonException e)
        {
            throw new DockerException(null, $"The container engine's answer cannot be read: {e.Message}");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? content, TimeSpan? limit, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var timer = new CancellationTokenSource(limit ?? Timeout.InfiniteTimeSpan, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && timer.IsCancellationRequested))
        {
            throw Away(e);
        }
        // 304: it is so already.
        if (response.IsSuccessStatusCode || response.StatusCode is System.Net.HttpStatusCode.NotModified) return response;
        using (response) throw new DockerException(response.StatusCode, await MessageAsync(response, cancellationToken));
    }

    private static async Task<string> MessageAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(text, DockerJson.Default.DockerErrorBody)?.Message ?? text;
        }
        catch (JsonException)
        {
            return text.Length > 0 ? text : $"{(int)response.StatusCode} {response.ReasonPhrase}";
        }
    }
}
