using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Refrag.Aws;

/// <summary>Signs requests: AWS Signature Version 4, with headers. (IAM User Guide, "Create a signed AWS API request")</summary>
internal static class SignatureV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>Adds <c>X-Amz-Date</c>, the session token and <c>Authorization</c> to a request whose other headers are complete.</summary>
    public static void Sign(
        HttpRequestMessage request, ReadOnlySpan<byte> body, AwsKeys keys, string region, string service, DateTimeOffset now)
    {
        string time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("X-Amz-Date", time);
        if (keys.SessionToken is { } token) request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", token);

        var headers = SignedHeaders(request);
        string names = string.Join(';', headers.Keys);
        string scope = $"{time[..8]}/{region}/{service}/aws4_request";
        string canonical = string.Join('\n',
            request.Method.Method, CanonicalPath(request.RequestUri!, service), CanonicalQuery(request.RequestUri!),
            string.Concat(headers.Select(h => $"{h.Key}:{h.Value}\n")), names, Convert.ToHexStringLower(SHA256.HashData(body)));
        string toSign =
            string.Join('\n', Algorithm, time, scope, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical))));
        string signature =
            Convert.ToHexStringLower(HMACSHA256.HashData(Key(keys, time[..8], region, service), Encoding.UTF8.GetBytes(toSign)));
        request.Headers.TryAddWithoutValidation(
            "Authorization", $"{Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    private static SortedDictionary<string, string> SignedHeaders(HttpRequestMessage request)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = request.RequestUri!.Authority };
        if (request.Content?.Headers.ContentType is { } type) headers["content-type"] = type.ToString();
        foreach ((string name,
            IEnumerable<string> values) in request.Headers.NonValidated.Select(h => (h.Key, (IEnumerable<string>)h.Value)))
        {
            if (name.StartsWith("X-Amz-", StringComparison.OrdinalIgnoreCase))
                headers[name.ToLowerInvariant()] = string.Join(',', values).Trim();
        }
        return headers;
    }

    // All services but S3 sign the path encoded once more than it is sent.
    private static string CanonicalPath(Uri uri, string service) => service == AwsService.S3.Name
        ? uri.AbsolutePath
        : string.Join('/', uri.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    private static string CanonicalQuery(Uri uri) =>
        string.Join('&', uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('=', 2))
        .Select(part => (Name: Encoded(part[0]), Value: part.Length > 1 ? Encoded(part[1]) : ""))
        .OrderBy(part => part.Name, StringComparer.Ordinal).ThenBy(part => part.Value, StringComparer.Ordinal)
        .Select(part => $"{part.Name}={part.Value}"));

    private static string Encoded(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part));

    private static byte[] Key(AwsKeys keys, string day, string region, string service)
    {
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + keys.SecretAccessKey);
        foreach (string part in (string[])[day, region, service, "aws4_request"])
            key = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part));
        return key;
    }
}
