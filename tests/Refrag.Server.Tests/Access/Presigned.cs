using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Refrag.Server.Tests.Access;

/// <summary>
/// A presigned URL of ListTagsForResource, made as the IAM User Guide describes it ("Create a signed AWS API request", with the signature
/// in the query).
/// </summary>
internal sealed class Presigned
{
    // The path's escapes are escaped again where it is signed.
    private const string Path = "/v1/tags/arn%3Aaws%3Abatch%3Aeu-west-1%3A000000000000%3Ajob-queue%2Fq";
    private static readonly string s_emptyHash = Hash("");
    private readonly Uri _url;

    public Presigned(Uri url, string region, DateTimeOffset at, int seconds)
    {
        _url = url;
        string time = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string scope = $"{time[..8]}/{region}/batch/aws4_request";
        string query = string.Create(CultureInfo.InvariantCulture,
            $"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={Uri.EscapeDataString($"{TestServer.Key.AccessKeyId}/{scope}")}"
                + $"&X-Amz-Date={time}&X-Amz-Expires={seconds}&X-Amz-SignedHeaders=host");
        string path = Path.Replace("%", "%25", StringComparison.Ordinal);
        string canonical = $"GET\n{path}\n{query}\nhost:{url.Authority}\n\nhost\n{s_emptyHash}";
        byte[] key = Encoding.UTF8.GetBytes("AWS4" + TestServer.Key.SecretAccessKey);
        foreach (string part in scope.Split('/')) key = Hmac(key, part);
        Query = $"{query}&X-Amz-Signature={Convert.ToHexStringLower(Hmac(key, $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hash(canonical)}"))}";
    }

    /// <summary>The query, with the signature at its end.</summary>
    public string Query { get; }

    /// <summary>The request, or the same with another query or method.</summary>
    public HttpRequestMessage Request(string? query = null, HttpMethod? method = null) =>
        new(method ?? HttpMethod.Get, $"{_url.GetLeftPart(UriPartial.Authority)}{Path}?{query ?? Query}");

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
