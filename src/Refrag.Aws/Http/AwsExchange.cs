using System.Text.Json;

namespace Refrag.Aws;

/// <summary>One attempt at one request: build, sign, send, read.</summary>
/// <param name="http">Sends.</param>
/// <param name="attemptTime">The most time of one attempt.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsExchange(HttpClient http, TimeSpan attemptTime, TimeProvider time)
{
    private static readonly string s_agent = $"refrag/{typeof(AwsExchange).Assembly.GetName().Version?.ToString(3)}";

    public async Task<Attempt> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, string path, byte[] body, AwsKeys keys, AwsRoute route,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        using HttpRequestMessage message = Build(operation, path, body, route.Destination.Endpoint);
        SignatureV4.Sign(message, body, keys, route.Destination.Region, operation.Service.Name, time.GetUtcNow() + route.Skew);
        using var limit = new CancellationTokenSource(attemptTime, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpResponseMessage response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, both.Token);
            byte[] answer = await response.Content.ReadAsByteArrayAsync(both.Token);
            return response.IsSuccessStatusCode ? Read(operation, answer) : ErrorReader.Read(response, answer, time.GetUtcNow());
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Broken(message, e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            return Broken(message, new TimeoutException($"no answer within {attemptTime.TotalSeconds:0} s", e));
        }
    }

    private static HttpRequestMessage Build(AwsOperation operation, string path, byte[] body, Uri endpoint)
    {
        var message =
            new HttpRequestMessage(
                operation.Method, endpoint.GetLeftPart(UriPartial.Authority) + endpoint.AbsolutePath.TrimEnd('/') + path);
        if (operation.Method == HttpMethod.Post) message.Content = new SendTrackingContent(body, ContentType(operation.Service.Protocol));
        if (operation.Service.Protocol == AwsProtocol.Json11)
            message.Headers.TryAddWithoutValidation("X-Amz-Target", $"{operation.Service.TargetPrefix}.{operation.Name}");
        message.Headers.TryAddWithoutValidation("User-Agent", s_agent);
        return message;
    }

    private static string ContentType(AwsProtocol protocol) => protocol switch
    {
        AwsProtocol.RestJson => "application/json",
        AwsProtocol.Json11 => "application/x-amz-json-1.1",
        _ => "application/x-www-form-urlencoded",
    };

    // An answer that says "done" but cannot be read leaves us without the result: as good as lost.
    private static Attempt Read<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, byte[] answer)
        where TRequest : class
        where TResponse : class
    {
        try
        {
            return operation.Read(answer) is { } response
                ? new Answered<TResponse>(response)
                : new Lost(new JsonException("the answer is null"));
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            return new Lost(new InvalidDataException($"the answer is not one of {operation.Name}: {e.Message}", e));
        }
    }

    private static Attempt Broken(HttpRequestMessage message, Exception reason) =>
        message.Content is SendTrackingContent { WasBegun: false } ? new NotSent(reason)
        : message.Content is null
        && reason is HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
        or HttpRequestError.SecureConnectionError
        }
            ? new NotSent(reason)
            : new Lost(reason);
}
