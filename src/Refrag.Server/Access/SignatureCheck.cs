using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Refrag.Server.Failures;
using Refrag.Server.Reading;

namespace Refrag.Server.Access;

/// <summary>
/// Computes the signature that a request must have: AWS Signature Version 4, from what came over the wire. Written apart from the signer of our own client,
/// so that one mistake is not in both. (IAM User Guide, "Create a signed AWS API request")
/// </summary>
internal sealed class SignatureCheck
{
    // A key serves one day, region and service; more than this is somebody making them up.
    private const int MostKeys = 256;
    private readonly ConcurrentDictionary<(AccessKey, string Scope), byte[]> _keys = new();

    /// <summary>Throws <see cref="ServiceFault"/> unless the signature is that of this request, with this body.</summary>
    public void Verify(HttpRequest request, RequestTarget target, ReadOnlySpan<byte> body, Authorization authorization, AccessKey key, string time)
    {
        RefuseUnsigned(request, authorization.SignedHeaders);
        string bodyHash = Convert.ToHexStringLower(SHA256.HashData(body));
        // What was signed of the body is recomputed from the body that came: an old signature on a new body is worth nothing.
        if (request.Headers["X-Amz-Content-Sha256"] is [{ } told] && told != bodyHash)
            throw ServiceFault.BadSignature("The provided 'x-amz-content-sha256' header does not match what was computed from the request's body.");

        string canonical = Canonical(request, target, authorization.SignedHeaders, bodyHash);
        string toSign = $"{Authorization.Algorithm}\n{time}\n{authorization.Scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        string expected = Convert.ToHexStringLower(HMACSHA256.HashData(KeyOf(key, authorization), Encoding.UTF8.GetBytes(toSign)));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(expected), Encoding.ASCII.GetBytes(authorization.Signature)))
        {
            throw ServiceFault.BadSignature(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.");
        }
    }

    // Host says which server is meant, and X-Amz-* what is meant: neither may be changed on the way.
    private static void RefuseUnsigned(HttpRequest request, IReadOnlyList<string> signed)
    {
        foreach (string name in request.Headers.Keys.Select(n => n.ToLowerInvariant()))
        {
            if ((name == "host" || name.StartsWith("x-amz-", StringComparison.Ordinal)) && !signed.Contains(name))
                throw ServiceFault.BadSignature($"'{name}' must be a 'SignedHeader' in the AWS Authorization.");
        }
    }

    private static string Canonical(HttpRequest request, RequestTarget target, IReadOnlyList<string> signed, string bodyHash)
    {
        var text = new StringBuilder(512);
        text.Append(request.Method).Append('\n');
        // Every service but S3 signs the path escaped once more than it is sent.
        text.AppendJoin('/', target.Path.Split('/').Select(Uri.EscapeDataString)).Append('\n');
        text.AppendJoin('&', target.Parameters().Select(p => (Name: Uri.EscapeDataString(p.Name), Value: Uri.EscapeDataString(p.Value)))
            .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value}")).Append('\n');
        foreach (string name in signed) text.Append(name).Append(':').AppendJoin(',', Values(request.Headers[name])).Append('\n');
        return text.Append('\n').AppendJoin(';', signed).Append('\n').Append(bodyHash).ToString();
    }

    private static IEnumerable<string> Values(StringValues values) =>
        values.Select(v => v is null ? "" : v.Contains("  ", StringComparison.Ordinal) ? string.Join(' ', v.Split(' ', StringSplitOptions.RemoveEmptyEntries)) : v.Trim());

    private byte[] KeyOf(AccessKey key, Authorization authorization)
    {
        if (_keys.TryGetValue((key, authorization.Scope), out byte[]? known)) return known;
        byte[] made = Encoding.UTF8.GetBytes("AWS4" + key.SecretAccessKey);
        foreach (string part in authorization.Scope.Split('/')) made = HMACSHA256.HashData(made, Encoding.UTF8.GetBytes(part));
        if (_keys.Count >= MostKeys) _keys.Clear();
        return _keys[(key, authorization.Scope)] = made;
    }

    /// <summary>When a request says that it was signed; null where it does not say, or not so that one can read it.</summary>
    public static DateTimeOffset? TimeOf(string text) => DateTimeOffset.TryParseExact(
        text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset time) ? time : null;
}
