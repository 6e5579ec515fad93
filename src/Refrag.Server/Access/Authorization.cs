using System.Globalization;
using Refrag.Server.Failures;
using Refrag.Server.Reading;

namespace Refrag.Server.Access;

/// <summary>The signature of a request, of Signature Version 4: an Authorization header, or the query of a presigned URL.</summary>
/// <param name="AccessKeyId">Whose signature it is.</param>
/// <param name="Day">The scope's day, as <c>20261122</c>.</param>
/// <param name="Region">The scope's region.</param>
/// <param name="Service">The scope's service.</param>
/// <param name="SignedHeaders">The names of the headers that are signed, in lower case.</param>
/// <param name="Signature">The signature, in hexadecimal.</param>
internal sealed record Authorization(
    string AccessKeyId, string Day, string Region, string Service, IReadOnlyList<string> SignedHeaders, string Signature)
{
    /// <summary>The parameter that has the signature of a presigned URL, and is not signed itself.</summary>
    public const string SignatureParameter = "X-Amz-Signature";

    // Seven days. (IAM User Guide, "Query string authentication")
    private const int MostSeconds = 604_800;

    /// <summary>The one algorithm.</summary>
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The scope without the key's id.</summary>
    public string Scope { get; } = $"{Day}/{Region}/{Service}/aws4_request";

    /// <summary>When a presigned URL was signed, as it says; null for a header, beside which a header says it.</summary>
    public string? Date { get; private init; }

    /// <summary>How long a presigned URL is good for; null for a header.</summary>
    public TimeSpan? GoodFor { get; private init; }

    /// <summary>Reads a header; <see cref="ServiceFault"/> where a part is missing.</summary>
    public static Authorization Read(string header)
    {
        if (!header.StartsWith(Algorithm + " ", StringComparison.Ordinal))
            throw ServiceFault.Incomplete($"Unsupported AWS 'algorithm'; this server knows {Algorithm}.");
        return Of(Part(header, "Credential"), Part(header, "SignedHeaders"), Part(header, "Signature"));
    }

    /// <summary>Whether a query is that of a presigned URL.</summary>
    public static bool IsIn(RequestTarget target) => target.Query.Contains(SignatureParameter + "=", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the query of a presigned URL; <see cref="ServiceFault"/> where a part is missing.</summary>
    public static Authorization Read(RequestTarget target)
    {
        ILookup<string, string> given = target.Parameters().ToLookup(one => one.Name, one => one.Value, StringComparer.OrdinalIgnoreCase);
        if (Parameter("X-Amz-Algorithm") != Algorithm)
            throw ServiceFault.Incomplete($"Unsupported AWS 'algorithm'; this server knows {Algorithm}.");
        Authorization read = Of(Parameter("X-Amz-Credential"), Parameter("X-Amz-SignedHeaders"), Parameter(SignatureParameter));
        return int.TryParse(Parameter("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && seconds is >= 1 and <= MostSeconds
            ? read with { Date = Parameter("X-Amz-Date"), GoodFor = TimeSpan.FromSeconds(seconds) }
            : throw ServiceFault.Incomplete($"X-Amz-Expires must be a number of seconds from 1 to {MostSeconds}.");

        string Parameter(string name) => given[name].LastOrDefault() is { Length: > 0 } value
            ? value
            : throw ServiceFault.Incomplete($"AWS query-string parameters must include '{name}'.");
    }

    /// <summary>The region that a header names, whatever else is wrong with it; null if it names none.</summary>
    public static string? RegionIn(string header)
    {
        try
        {
            return header.StartsWith(Algorithm + " ", StringComparison.Ordinal) ? Of(Part(header, "Credential"), "", "").Region : null;
        }
        catch (ServiceFault)
        {
            return null;
        }
    }

    private static Authorization Of(string credential, string signedHeaders, string signature) => credential.Split('/')
        is [{ Length: > 0 } id, { Length: 8 } day, { Length: > 0 } region, { Length: > 0 } service, "aws4_request"]
            ? new Authorization(id, day, region, service, signedHeaders.Split(';'), signature)
            : throw ServiceFault.Incomplete(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.");

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
