using System.Globalization;

namespace Refrag.Engine;

/// <summary>Pages of a list. A token is the position of the next element.</summary>
internal static class Paging
{
    /// <summary>One page, and the token of the next; null at the end. Null as page where the token is none of ours.</summary>
    public static (IReadOnlyList<T>? Page, string? Next) Take<T>(IReadOnlyList<T> all, string? token, int? maximum, int most)
    {
        int start = 0;
        if (token is not null && !int.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out start)) return (null, null);
        int size = Math.Clamp(maximum ?? most, 1, most);
        T[] page = [.. all.Skip(start).Take(size)];
        int next = start + page.Length;
        return (page, next < all.Count && page.Length > 0 ? next.ToString(CultureInfo.InvariantCulture) : null);
    }
}
