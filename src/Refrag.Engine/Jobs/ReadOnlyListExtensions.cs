namespace Refrag.Engine.Jobs;

/// <summary>Changed copies of lists, which in records never change.</summary>
internal static class ReadOnlyListExtensions
{
    /// <summary>The list with one element changed.</summary>
    public static IReadOnlyList<T> With<T>(this IReadOnlyList<T> list, int index, Func<T, T> change)
    {
        List<T> changed = [.. list];
        changed[index] = change(changed[index]);
        return changed;
    }
}
