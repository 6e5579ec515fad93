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
internal sealed record Authorization(string AccessKeyId, string Day, string Region, string Service, IReadOnlyList<string> SignedHeaders, string Signature)
{
    /// <summary>The one algorithm.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The scope without the key's id.</summary>
    public string Scope => $"{Day}/{Region}/{Service}/aws4_request";

    /// <summary>Reads a header; <see cref="ServiceFault"/> where a part is missing.</summary>
    public static Authorization Read(string header)
    {
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            throw ServiceFault.Incomplete($"Unsupported AWS 'algorithm'; this server knows {Algorithm}.");
        var parts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string part in header[Algorithm.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            parts[pair[0]] = pair.Length > 1 ? pair[1] : "";
        }
        string[] credential = Part(parts, "Credential").Split('/');
        return credential is [{ Length: > 0 } id, { Length: 8 } day, { Length: > 0 } region, { Length: > 0 } service, "aws4_request"]
            ? new Authorization(id, day, region, service, Part(parts, "SignedHeaders").Split(';'), Part(parts, "Signature"))
            : throw ServiceFault.Incomplete("Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.");
    }

    private static string Part(Dictionary<string, string> parts, string name) => parts.GetValueOrDefault(name) is { Length: > 0 } value
        ? value
        : throw ServiceFault.Incomplete(string.Create(CultureInfo.InvariantCulture, $"Authorization header requires '{name}' parameter."));
}
