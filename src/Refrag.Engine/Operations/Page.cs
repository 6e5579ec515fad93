using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Operations;

/// <summary>One page of a list that is in memory as a whole.</summary>
internal static class Page
{
    /// <summary>The elements after the token's, at most as many as asked, and the token of the next page; null at the end.</summary>
    /// <param name="all">Everything, ordered by <paramref name="key"/> (ordinally) or as <paramref name="key"/> says.</param>
    /// <param name="key">What distinguishes an element from all others, and stays while the list changes.</param>
    /// <param name="question">What was asked, for the token.</param>
    /// <param name="token">The request's token.</param>
    /// <param name="maximum">The request's maxResults.</param>
    /// <param name="most">The most that a page can have.</param>
    public static (IReadOnlyList<T> Items, string? Next) Of<T>(
        IEnumerable<T> all, Func<T, string> key, string question, string? token, int? maximum, int most = BatchLimits.Page)
    {
        string? after = PageToken.Read(question, token);
        int size = Math.Clamp(maximum ?? most, 1, most);
        IEnumerable<T> rest = after is null ? all : all.Where(one => string.CompareOrdinal(key(one), after) > 0);
        List<T> found = [.. rest.Take(size + 1)];
        if (found.Count <= size) return (found, null);
        found.RemoveAt(size);
        return (found, PageToken.Write(question, key(found[^1])));
    }

    /// <summary>A number as a key that is ordered as numbers are.</summary>
    public static string Key(long number) => number.ToString("D19", CultureInfo.InvariantCulture);
}
