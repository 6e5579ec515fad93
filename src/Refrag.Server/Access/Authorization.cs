using System.Globalization;
using Refrag.Server.Failures;

namespace Refrag.Server.Access;

/// <summary>An Authorization header of Signature Version 4, taken apart.</summary>
/// <param name="AccessKeyId">Whose signature it is.</param>
/// <param name="Day">The scope's day, as <c>20261122</c>.</param>
/// <param name="Region">The scope's region.</param>
/// <param name="Service">The scope's service.</param>
/// <param name="SignedHeaders">The names of the headers that are signed, in lower case.</param>
/// <param name="Signature">The signature, in hexadecimal.</param>
internal sealed record Authorization(
    string AccessKeyId, string Day, string Region, string Service, IReadOnlyList<string> SignedHeaders, string Signature)
{
    /// <summary>The one algorithm.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The scope without the key's id.</summary>
    public string Scope { get; } = $"{Day}/{Region}/{Service}/aws4_request";

    /// <summary>Reads a header; <see cref="ServiceFault"/> where a part is missing.</summary>
    public static Authorization Read(string header)
    {
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            throw ServiceFault.Incomplete($"Unsupported AWS 'algorithm'; this server knows {Algorithm}.");
        string[] credential = Part(header, "Credential").Split('/');
        return credential is [{ Length: > 0 } id, { Length: 8 } day, { Length: > 0 } region, { Length: > 0 } service, "aws4_request"]
            ? new Authorization(id, day, region, service, Part(header, "SignedHeaders").Split(';'), Part(header, "Signature"))
            : throw ServiceFault.Incomplete(
            "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.");
    }

    // The last of two of one name counts.
    private static string Part(string header, string name)
    {
        ReadOnlySpan<char> parts = header.AsSpan(Algorithm.Length);
        ReadOnlySpan<char> found = [];
        foreach (Range range in parts.Split(','))
        {
            ReadOnlySpan<char> part = parts[range].Trim();
            if (part.StartsWith(name, StringComparison.Ordinal) && part.Length > name.Length && part[name.Length] == '=')
                found = part[(name.Length + 1)..];
        }
        return found.IsEmpty
            ? throw ServiceFault.Incomplete(
            string.Create(CultureInfo.InvariantCulture, $"Authorization header requires '{name}' parameter."))
            : found.ToString();
    }
}
