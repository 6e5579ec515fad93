using System.Globalization;

namespace Refrag.Composition.Tree;

/// <summary>Indexes of lists as OmegaConf takes them from keys: a whole number as Python writes it, negative ones from the end.</summary>
internal static class ListIndex
{
    /// <summary>The number; null if the key is none or no list is so long.</summary>
    public static int? Parse(string key)
    {
        ReadOnlySpan<char> text = key.AsSpan().Trim();
        bool underscoreMisplaced = text.Contains("__", StringComparison.Ordinal) || text.EndsWith("_")
            || text.TrimStart("+-").StartsWith("_");
        if (underscoreMisplaced) return null;
        string digits = text.ToString().Replace("_", "", StringComparison.Ordinal);
        if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)) return null;
        return (int)Math.Clamp(value, int.MinValue, int.MaxValue);
    }

    /// <summary>The position from the front; −1 if there is none.</summary>
    public static int Position(int index, int count)
    {
        if (index < 0) index += count;
        return index >= 0 && index < count ? index : -1;
    }

    /// <summary>Which indexes a list has, as a sentence for people. The list is not empty.</summary>
    public static string Known(int count) =>
        count == 1
            ? "Its only item has the index 0."
            : string.Create(CultureInfo.InvariantCulture, $"Its indexes go from 0 to {count - 1}.");
}
