using System.Text;

namespace Refrag.Server.Fuzz.Running;

/// <summary>Something that should not have happened.</summary>
/// <param name="Kind">What: <c>5xx</c>, <c>late</c>, <c>no answer</c>, <c>ended</c>.</param>
/// <param name="Signature">What two findings of one cause have in common.</param>
/// <param name="Request">The bytes that were sent.</param>
/// <param name="Details">The answer, or the time.</param>
internal sealed record Finding(string Kind, string Signature, byte[] Request, string Details)
{
    private const int MostShown = 1500;

    /// <summary>A finding as a text.</summary>
    public static string Show(byte[] bytes)
    {
        string text =
            string.Concat(
                Encoding.Latin1
                    .GetString(bytes.AsSpan(0, Math.Min(bytes.Length, MostShown)))
                    .Select(c => c is '\n' ? "\n    " : c is >= ' ' and < '\x7f' ? c.ToString() : c == '\r' ? "" : $"\\x{(int)c:x2}"));
        return bytes.Length > MostShown ? $"{text}… ({bytes.Length} bytes)" : text;
    }
}

/// <summary>All findings of a part, the first of each signature with its request.</summary>
internal sealed class Findings
{
    private readonly Dictionary<string, (Finding First, int Times)> _all = new(StringComparer.Ordinal);

    /// <summary>The first of each signature, and how often it came.</summary>
    public IReadOnlyList<(Finding First, int Times)> All
    {
        get
        {
            lock (_all) return [.. _all.Values];
        }
    }

    /// <summary>Whether nothing of a kind was found.</summary>
    public bool HasNo(string kind) => All.All(one => one.First.Kind != kind);

    public void Add(Finding finding)
    {
        lock (_all) _all[finding.Signature] = _all.TryGetValue(finding.Signature, out (Finding First, int Times) known)
            ? (known.First, known.Times + 1)
            : (finding, 1);
    }
}
