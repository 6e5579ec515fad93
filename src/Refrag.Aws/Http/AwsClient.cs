namespace Refrag.Aws;

/// <summary>
/// Sends operations of AWS services over HTTP: finds region, endpoint and credentials at the first request, signs, keeps to the rate,
/// repeats what may be repeated. Safe to use from several threads at once; make one and keep it.
/// </summary>
public sealed class AwsClient : IAwsTransport, IDownloads, IDisposable
{
    private readonly AwsClientOptions _options;
    private readonly IAwsCredentials _credentials;
    private readonly DefaultCredentials? _own;
    private readonly AwsExchange _exchange;
    private readonly HttpClient _http;
    private readonly Lock _lock = new();
    private readonly Dictionary<AwsService, AwsRoute> _routes = [];

    /// <summary>A client over a connection pool of its own.</summary>
    public AwsClient(AwsClientOptions options)
        : this(options, MakeHandler())
    {
    }

    /// <summary>A client over <paramref name="handler"/>, which it disposes with itself.</summary>
    public AwsClient(AwsClientOptions options, HttpMessageHandler handler)
    {
        _options = options;
        _credentials = options.Credentials ?? (_own = new DefaultCredentials(options));
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _exchange = new AwsExchange(_http, options.Retries.AttemptTime, options.Time);
    }

    /// <inheritdoc/>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        AwsRoute route = Route(operation);
        if (operation.WithToken is { } withToken) request = withToken(request, Guid.NewGuid().ToString());
        byte[] body = operation.Method == HttpMethod.Post ? operation.Write(request) : [];
        string path = operation.Route?.Invoke(request) ?? operation.Path;
        long began = _options.Time.GetTimestamp();
        bool wasSkewed = false;
        for (int number = 1; ; number++)
        {
            await route.Rate.TakeAsync(cancellationToken);
            AwsKeys keys = await KeysAsync(operation, cancellationToken);
            Attempt attempt = await _exchange.SendAsync(operation, path, body, keys, route, cancellationToken);
            if (attempt is Answered<TResponse> answered)
            {
                route.Rate.Succeeded();
                return answered.Response;
            }
            if (attempt is Refused { Error.IsThrottling: true }) route.Rate.Throttled();
            // A request refused for its time had no effect; with the service's clock it is right at once, but only one such repeat makes
            // sense.
            if (!wasSkewed && attempt is Refused refused && route.Adjust(refused, _options.Time.GetUtcNow()))
            {
                wasSkewed = true;
                continue;
            }
            TimeSpan elapsed = _options.Time.GetElapsedTime(began);
            if (RetryPolicy.Wait(attempt, number, elapsed, operation.IsRepeatable, Jitter(), _options.Retries) is not { } wait)
                throw Failure(operation, route, attempt);
            await Task.Delay(wait, _options.Time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task<byte[]> DownloadAsync(Uri url, int most, CancellationToken cancellationToken) =>
        Download.GetAsync(_http, url, most, _options.Time, cancellationToken);

    /// <summary>
    /// Opens what a service streams at a path, as a signed GET. Fails with <see cref="HttpRequestException"/> if the service has none, and
    /// with <see cref="AwsException"/> if the request cannot be signed. Closing the stream closes its connection.
    /// </summary>
    /// <param name="service">The service that it is signed for.</param>
    /// <param name="path">The path, which begins with a slash.</param>
    /// <param name="cancellationToken">Gives up waiting for the answer.</param>
    public async Task<Stream> OpenStreamAsync(AwsService service, string path, CancellationToken cancellationToken)
    {
        if (!AwsEndpoint.Find(_options, service).TryGet(out AwsEndpoint? destination, out IReadOnlyList<Problem> problems))
            throw new AwsConfigurationException(path, problems);
        Result<AwsKeys> keys = await _credentials.GetAsync(cancellationToken);
        if (!keys.IsSuccess) throw new AwsCredentialsException(path, keys.Problems[0]);
        using var message = new HttpRequestMessage(
            HttpMethod.Get, destination.Endpoint.GetLeftPart(UriPartial.Authority) + destination.Endpoint.AbsolutePath.TrimEnd('/') + path);
        SignatureV4.Sign(message, [], keys.Value, destination.Region, service.Name, _options.Time.GetUtcNow());
        HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        try
        {
            return await response.EnsureSuccessStatusCode().Content.ReadAsStreamAsync(cancellationToken);
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        _http.Dispose();
        _own?.Dispose();
    }

    private static SocketsHttpHandler MakeHandler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        // DNS answers of AWS's endpoints change; connections must not outlive them by much.
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    };

    private AwsRoute Route(AwsOperation operation)
    {
        lock (_lock)
        {
            if (_routes.TryGetValue(operation.Service, out AwsRoute? known)) return known;
            if (!AwsEndpoint.Find(_options, operation.Service).TryGet(out AwsEndpoint? destination, out IReadOnlyList<Problem> problems))
                throw new AwsConfigurationException(operation.Name, problems);
            return _routes[operation.Service] = new AwsRoute(destination, new RequestRate(_options.RequestsPerSecond, _options.Time));
        }
    }

    private async ValueTask<AwsKeys> KeysAsync(AwsOperation operation, CancellationToken cancellationToken)
    {
        Result<AwsKeys> keys = await _credentials.GetAsync(cancellationToken);
        return keys.IsSuccess ? keys.Value : throw new AwsCredentialsException(operation.Name, keys.Problems[0]);
    }

    // A seeded Random is not safe to share between threads.
    private double Jitter()
    {
        lock (_lock) return _options.Random.NextDouble();
    }

    private static AwsException Failure<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, AwsRoute route, Attempt attempt)
        where TRequest : class
        where TResponse : class
    {
        return attempt switch
        {
            Refused refused => operation.Failure(refused.Error),
            Lost lost =>
                new AwsConnectionException(operation.Service, operation.Name, route.Destination.Endpoint, answerLost: true, lost.Reason),
            NotSent notSent =>
                new AwsConnectionException(
                    operation.Service, operation.Name, route.Destination.Endpoint, answerLost: false, notSent.Reason),
            _ => throw new InvalidOperationException($"An attempt cannot fail as {attempt.GetType().Name}."),
        };
    }
}
