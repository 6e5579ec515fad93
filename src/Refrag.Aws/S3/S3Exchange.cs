using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;

namespace Refrag.Aws.S3;

/// <summary>
/// Sends requests to S3: finds region, endpoint and credentials, follows a bucket to its region, signs, and repeats what may be repeated.
/// Every operation of S3 that is used here may be.
/// </summary>
internal sealed class S3Exchange : IDisposable
{
    // A bucket is found from any region: its answer names its own.
    private const string FirstRegion = "us-east-1";
    private static readonly TimeSpan s_tolerated = TimeSpan.FromMinutes(4);

    private readonly AwsClientOptions _options;
    private readonly IAwsCredentials _credentials;
    private readonly DefaultCredentials? _own;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<string, string> _regions = new(StringComparer.Ordinal);

    // In ticks, for several threads.
    private long _skew;

    public S3Exchange(AwsClientOptions options, HttpMessageHandler handler)
    {
        _options = options;
        _credentials = options.Credentials ?? (_own = new DefaultCredentials(options));
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>The answer; throws <see cref="AwsException"/> if none comes, or if S3 refuses.</summary>
    public async Task<S3Answer> SendAsync(S3Request request, CancellationToken cancellationToken)
    {
        AwsEndpoint endpoint = Endpoint(request.Operation);
        long began = _options.Time.GetTimestamp();
        bool wasSkewed = false;
        bool wasMoved = false;
        for (int number = 1; ; number++)
        {
            Result<AwsKeys> keys = await _credentials.GetAsync(cancellationToken);
            if (!keys.IsSuccess) throw new AwsCredentialsException(request.Operation, keys.Problems[0]);
            string region = _regions.GetValueOrDefault(request.Target.Bucket, endpoint.Region);
            (Attempt attempt, string? other) = await TryAsync(request, endpoint, region, keys.Value, cancellationToken);
            if (attempt is Answered<S3Answer> answered) return answered.Response;
            if (!wasMoved && other is not null && other != region)
            {
                (wasMoved, _regions[request.Target.Bucket]) = (true, other);
                continue;
            }
            // As for the other services: a request refused for its time had no effect, and with the service's clock it is right at once.
            if (!wasSkewed && attempt is Refused { ServerTime: { } server, Error.IsClockSkew: true }
                && (server - _options.Time.GetUtcNow()) is var skew && (skew - Skew).Duration() > s_tolerated)
            {
                wasSkewed = true;
                Volatile.Write(ref _skew, skew.Ticks);
                continue;
            }
            TimeSpan elapsed = _options.Time.GetElapsedTime(began);
            double jitter = _options.Random.NextDouble();
            if (RetryPolicy.Wait(attempt, number, elapsed, isRepeatable: true, jitter, Limits(request)) is not { } wait)
                throw Failure(request.Operation, endpoint.Endpoint, attempt);
            await Task.Delay(wait, _options.Time, cancellationToken);
        }
    }

    // One attempt that takes long must not be the only one.
    private RetryLimits Limits(S3Request request) =>
        _options.Retries with { Time = _options.Retries.Time + (request.AttemptTime ?? TimeSpan.Zero) };

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _own?.Dispose();
    }

    private TimeSpan Skew => TimeSpan.FromTicks(Volatile.Read(ref _skew));

    private AwsEndpoint Endpoint(string operation)
    {
        if (AwsEndpoint.Find(_options, AwsService.S3).TryGet(out AwsEndpoint? endpoint, out _)) return endpoint;
        return AwsEndpoint.Find(_options with { Region = FirstRegion }, AwsService.S3)
            .TryGet(out endpoint, out IReadOnlyList<Problem> problems)
                ? endpoint
                : throw new AwsConfigurationException(operation, problems);
    }

    private async Task<(Attempt Attempt, string? Region)> TryAsync(
        S3Request request, AwsEndpoint endpoint, string region, AwsKeys keys, CancellationToken cancellationToken)
    {
        using HttpRequestMessage message = Message(request, endpoint, region);
        SignatureV4.Sign(message, request.Body, keys, region, AwsService.S3.Name, _options.Time.GetUtcNow() + Skew);
        TimeSpan most = request.AttemptTime ?? _options.Retries.AttemptTime;
        using var limit = new CancellationTokenSource(most, _options.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, both.Token);
            byte[] body = await response.Content.ReadAsByteArrayAsync(both.Token);
            return (Read(response, body), Header(response, "x-amz-bucket-region"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            bool isUnreachable = e is HttpRequestException
            {
                HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                    or HttpRequestError.SecureConnectionError
            };
            return (isUnreachable ? new NotSent(e) : new Lost(e), null);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return (new Lost(new TimeoutException($"no answer within {most.TotalSeconds:0} s", e)), null);
        }
    }

    private Attempt Read(HttpResponseMessage response, byte[] body)
    {
        Refused Refused() => ErrorReader.Read(response, body, _options.Time.GetUtcNow());
        if (!response.IsSuccessStatusCode) return Refused();
        // Completing an upload answers 200 before it is done, and an error in the body afterwards. (API CompleteMultipartUpload)
        if (response.StatusCode == HttpStatusCode.OK && IsXml(response) && XmlLeaves.Error(body) is ({ } code, var said))
            return new Refused(new AwsError(code, said ?? "", HttpStatusCode.InternalServerError), null, null);
        long? total = response.Content.Headers.ContentRange?.Length;
        return new Answered<S3Answer>(new S3Answer(body, Header(response, "ETag"), total, response.Content.Headers.LastModified));
    }

    private static bool IsXml(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType?.EndsWith("xml", StringComparison.Ordinal) == true;

    private static HttpRequestMessage Message(S3Request request, AwsEndpoint endpoint, string region)
    {
        string query = request.Query.Length > 0 ? "?" + request.Query : "";
        var message = new HttpRequestMessage(request.Method, Base(request.Target.Bucket, endpoint, region) + request.Target.Path + query);
        byte[] body = request.Body ?? [];
        message.Headers.TryAddWithoutValidation("X-Amz-Content-Sha256", Convert.ToHexStringLower(SHA256.HashData(body)));
        foreach ((string name, string value) in request.Headers) message.Headers.TryAddWithoutValidation(name, value);
        if (request.Body is not null) message.Content = new SendTrackingContent(body, "application/octet-stream");
        return message;
    }

    // A name with dots is not covered by the certificate of a host below it, and another endpoint than AWS's has no such hosts.
    private static string Base(string bucket, AwsEndpoint endpoint, string region)
    {
        if (!endpoint.IsAws) return $"{endpoint.Endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{bucket}/";
        string host = AwsPartition.Host(AwsService.S3, region);
        return bucket.Contains('.', StringComparison.Ordinal)
            ? $"{host}/{bucket}/"
            : $"{host.Replace("https://", $"https://{bucket}.", StringComparison.Ordinal)}/";
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private static AwsException Failure(string operation, Uri endpoint, Attempt attempt) => attempt switch
    {
        Refused refused => new AwsServiceException(AwsService.S3, operation, refused.Error),
        Lost lost => new AwsConnectionException(AwsService.S3, operation, endpoint, answerLost: true, lost.Reason),
        NotSent notSent => new AwsConnectionException(AwsService.S3, operation, endpoint, answerLost: false, notSent.Reason),
        _ => throw new InvalidOperationException($"An attempt cannot fail as {attempt.GetType().Name}."),
    };
}
