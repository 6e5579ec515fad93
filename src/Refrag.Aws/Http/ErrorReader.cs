using System.Net;
using System.Text.Json;

namespace Refrag.Aws;

/// <summary>
/// Reads an error from an answer: the code from the header or the body, the message from the body. (AWS JSON protocols, error shapes)
/// </summary>
internal static class ErrorReader
{
    // A proxy's error page would fill the screen.
    private const int LongestMessage = 500;

    public static Refused Read(HttpResponseMessage response, byte[] body, DateTimeOffset now)
    {
        (string? code, string? message) = Members(body);
        code = Header(response, "x-amzn-ErrorType") ?? code ?? Fallback(response.StatusCode);
        string? id = Header(response, "x-amzn-RequestId") ?? Header(response, "x-amz-request-id");
        var error = new AwsError(Bare(code), Short(message ?? Text(response, body)), response.StatusCode, id);
        return new Refused(error, RetryAfter(response, now), response.Headers.Date);
    }

    private static (string? Code, string? Message) Members(byte[] body)
    {
        if (body is [(byte)'<', ..]) return XmlLeaves.Error(body);
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind != JsonValueKind.Object
                ? (null, null)
                : (Member(json, "__type") ?? Member(json, "code"), Member(json, "message") ?? Member(json, "Message"));
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? Member(JsonDocument json, string name) =>
        json.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    // "aws.protocoltests#FooError:http://…" means FooError.
    private static string Bare(string code)
    {
        int colon = code.IndexOf(':', StringComparison.Ordinal);
        string head = colon < 0 ? code : code[..colon];
        return head[(head.LastIndexOf('#') + 1)..].Trim();
    }

    private static string Fallback(HttpStatusCode status) => status switch
    {
        HttpStatusCode.TooManyRequests => "TooManyRequestsException",
        HttpStatusCode.ServiceUnavailable => "ServiceUnavailable",
        HttpStatusCode.Forbidden => "AccessDeniedException",
        _ => "Unknown",
    };

    private static string Text(HttpResponseMessage response, byte[] body) =>
        response.Content.Headers.ContentType?.MediaType?.StartsWith("text/plain", StringComparison.Ordinal) == true
            ? System.Text.Encoding.UTF8.GetString(body).Trim()
            : "";

    private static string Short(string text) => text.Length <= LongestMessage ? text : text[..LongestMessage] + "…";

    private static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > now => date - now,
        _ => null,
    };
}
