using System.Buffers;
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
/// Computes the signature that a request must have: AWS Signature Version 4, from what came over the wire. Written apart from the signer of
/// our own client, so that one mistake is not in both. (IAM User Guide, "Create a signed AWS API request")
/// </summary>
internal sealed class SignatureCheck
{
    // A key serves one day, region and service; more than this is a client that invents them.
    private const int MostKeys = 256;
    private const int HexBytes = 2 * SHA256.HashSizeInBytes;
    private const int UsualBytes = 512;

    // What a path can have that is not escaped. (RFC 3986, 2.3)
    private static readonly SearchValues<char> s_plain =
        SearchValues.Create("/ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");
    private readonly ConcurrentDictionary<(AccessKey, string Scope), byte[]> _keys = new();

    /// <summary>Throws <see cref="ServiceFault"/> unless the signature is that of this request, with this body.</summary>
    public void Verify(
        HttpRequest request, RequestTarget target, ReadOnlySpan<byte> body, Authorization authorization, AccessKey key, string time)
    {
        RefuseUnsigned(request, authorization.SignedHeaders);
        Span<byte> bodyHash = stackalloc byte[HexBytes];
        Hash(body, bodyHash);
        // What was signed of the body is recomputed from the body that came: an old signature on a new body is worth nothing.
        if (request.Headers["X-Amz-Content-Sha256"] is { Count: > 0 } given && given != Encoding.ASCII.GetString(bodyHash))
            throw ServiceFault.BadSignature(
                "The provided 'x-amz-content-sha256' header does not match what was computed from the request's body.");
        if (!IsSignature(authorization.Signature,
            ToSign(Canonical(request, target, authorization.SignedHeaders, bodyHash), authorization, time), KeyOf(key, authorization)))
        {
            throw ServiceFault.BadSignature(
                "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and "
                    + "signing method.");
        }
    }

    // Host says which server is meant, and X-Amz-* what is meant: neither may be changed on the way.
    private static void RefuseUnsigned(HttpRequest request, IReadOnlyList<string> signed)
    {
        foreach ((string name, _) in request.Headers)
        {
            bool matters = name.Equals("host", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase);
            if (matters && !signed.Contains(name, StringComparer.OrdinalIgnoreCase))
                throw ServiceFault.BadSignature($"'{name.ToLowerInvariant()}' must be a 'SignedHeader' in the AWS Authorization.");
        }
    }

    private static bool IsSignature(string given, ReadOnlySpan<byte> toSign, byte[] key)
    {
        if (given.Length != HexBytes) return false;
        Span<byte> expected = stackalloc byte[HexBytes];
        Span<byte> theirs = stackalloc byte[HexBytes];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, toSign, hash);
        Convert.TryToHexStringLower(hash, expected, out _);
        Encoding.ASCII.GetBytes(given, theirs);
        return CryptographicOperations.FixedTimeEquals(expected, theirs);
    }

    private static ReadOnlySpan<byte> ToSign(ReadOnlySpan<byte> canonical, Authorization authorization, string time)
    {
        var text = new ArrayBufferWriter<byte>(UsualBytes);
        Add(text, $"{Authorization.Algorithm}\n{time}\n{authorization.Scope}\n");
        Hash(canonical, text.GetSpan(HexBytes)[..HexBytes]);
        text.Advance(HexBytes);
        return text.WrittenSpan;
    }

    private static ReadOnlySpan<byte> Canonical(
        HttpRequest request, RequestTarget target, IReadOnlyList<string> signed, ReadOnlySpan<byte> bodyHash)
    {
        var text = new ArrayBufferWriter<byte>(UsualBytes);
        Add(text, request.Method);
        Add(text, "\n");
        // Every service but S3 signs the path escaped once more than it is sent.
        Add(text,
            target.Path.AsSpan().ContainsAnyExcept(s_plain)
                ? string.Join('/', target.Path.Split('/').Select(Uri.EscapeDataString))
                : target.Path);
        Add(text, "\n");
        if (target.Query.Length > 0) Add(text, Query(target));
        Add(text, "\n");
        foreach (string name in signed)
        {
            Add(text, name);
            Add(text, ":");
            Add(text, request.Headers[name] is [{ } one] && IsTrimmed(one) ? one : string.Join(',', Values(request.Headers[name])));
            Add(text, "\n");
        }
        Add(text, "\n");
        for (int i = 0; i < signed.Count; i++)
        {
            if (i > 0) Add(text, ";");
            Add(text, signed[i]);
        }
        Add(text, "\n");
        text.Write(bodyHash);
        return text.WrittenSpan;
    }

    private static string Query(RequestTarget target) => string.Join('&', target.Parameters()
        .Where(p => !p.Name.Equals(Authorization.SignatureParameter, StringComparison.OrdinalIgnoreCase))
        .Select(p => (Name: Uri.EscapeDataString(p.Name), Value: Uri.EscapeDataString(p.Value)))
        .OrderBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Value, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value}"));

    private static bool IsTrimmed(string value) =>
        value.Length > 0 && !char.IsWhiteSpace(value[0]) && !char.IsWhiteSpace(value[^1])
            && !value.Contains("  ", StringComparison.Ordinal);

    private static void Hash(ReadOnlySpan<byte> data, Span<byte> hex)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(data, hash);
        Convert.TryToHexStringLower(hash, hex, out _);
    }

    private static void Add(ArrayBufferWriter<byte> text, string part) => Encoding.UTF8.GetBytes(part, text);

    private static IEnumerable<string> Values(StringValues values) =>
        values.Select(
            v => v is null
                ? ""
                : v.Contains("  ", StringComparison.Ordinal)
                ? string.Join(' ', v.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                : v.Trim());

    private byte[] KeyOf(AccessKey key, Authorization authorization)
    {
        if (_keys.TryGetValue((key, authorization.Scope), out byte[]? known)) return known;
        byte[] made = Encoding.UTF8.GetBytes("AWS4" + key.SecretAccessKey);
        foreach (string part in authorization.Scope.Split('/')) made = HMACSHA256.HashData(made, Encoding.UTF8.GetBytes(part));
        if (_keys.Count >= MostKeys) _keys.Clear();
        return _keys[(key, authorization.Scope)] = made;
    }

    /// <summary>When a request says that it was signed; null if it does not say, or not so that one can read it.</summary>
    public static DateTimeOffset? TimeOf(string text) => DateTimeOffset.TryParseExact(
        text, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out DateTimeOffset time)
            ? time
            : null;
}
