namespace Refrag.Server.Reading;

/// <summary>The target of a request as it came over the wire, undecoded: a signature covers it so.</summary>
/// <param name="Path">What stands before the question mark.</param>
/// <param name="Query">What stands behind it; empty if there is none.</param>
internal readonly record struct RequestTarget(string Path, string Query)
{
    /// <summary>Takes a target apart.</summary>
    public static RequestTarget Of(string raw) =>
        raw.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? new(raw[..mark], raw[(mark + 1)..]) : new(raw, "");

    /// <summary>Names and values of the query, decoded, in their order.</summary>
    public IEnumerable<(string Name, string Value)> Parameters() => Query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(part => part.Split('=', 2))
        .Select(part => (Decode(part[0]), part.Length > 1 ? Decode(part[1]) : ""));

    // Some clients write a space as a plus, and escape the plus itself.
    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
