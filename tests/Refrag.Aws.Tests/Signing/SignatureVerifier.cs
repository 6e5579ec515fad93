using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Refrag.Aws.Tests.Signing;

/// <summary>Checks a signature from what came over the wire alone, written apart from the signer, after AWS's description.</summary>
internal static class SignatureVerifier
{
    public static string? Fault(RawRequest request, string secret, string region, string service)
    {
        string authorization = request.Headers["authorization"];
        string credential = Field(authorization, "Credential="), signed = Field(authorization, "SignedHeaders="), given =
            Field(authorization, "Signature=");
        string[] scope = credential.Split('/');
        if (scope[2] != region || scope[3] != service || scope[4] != "aws4_request") return $"scope is {credential}";
        string[] names = signed.Split(';');
        if (!names.SequenceEqual(names.Order(StringComparer.Ordinal))) return "signed headers are not in order";
        foreach (string must
            in request.Headers.Keys.Where(h => h is "host" or "content-type" || h.StartsWith("x-amz-", StringComparison.Ordinal)))
        {
            if (!names.Contains(must)) return $"{must} is not signed";
        }

        var canonical = new StringBuilder();
        string[] target = request.Target.Split('?', 2);
        canonical.Append(CultureInfo.InvariantCulture, $"{request.Method}\n{EncodeAgain(target[0])}\n");
        canonical.Append(target.Length < 2 ? "" : string.Join("&", target[1].Split('&').Order(StringComparer.Ordinal)));
        canonical.Append('\n');
        foreach (string name in names) canonical.Append(CultureInfo.InvariantCulture, $"{name}:{request.Headers[name].Trim()}\n");
        canonical.Append(CultureInfo.InvariantCulture, $"\n{signed}\n{Hex(SHA256.HashData(request.Body))}");

        string date = request.Headers["x-amz-date"];
        string text =
            $"AWS4-HMAC-SHA256\n{date}\n{string.Join('/', scope[1..])}\n"
                + $"{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        byte[] key = Encoding.UTF8.GetBytes($"AWS4{secret}");
        foreach (string part in scope[1..]) key = Mac(key, part);
        return Hex(Mac(key, text)) == given ? null : $"the signature differs; canonical request:\n{canonical}";
    }

    private static string Field(string authorization, string name)
    {
        int start = authorization.IndexOf(name, StringComparison.Ordinal) + name.Length;
        int end = authorization.IndexOf(',', start);
        return end < 0 ? authorization[start..] : authorization[start..end];
    }

    private static string EncodeAgain(string path)
    {
        var text = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(path))
        {
            bool isPlain = b is (byte)'/' or (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~' || char.IsAsciiLetterOrDigit((char)b);
            text.Append(isPlain ? ((char)b).ToString() : $"%{b:X2}");
        }
        return text.ToString();
    }

    private static byte[] Mac(byte[] key, string text)
    {
        using var mac = new HMACSHA256(key);
        return mac.ComputeHash(Encoding.UTF8.GetBytes(text));
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes).ToLowerInvariant();
}
