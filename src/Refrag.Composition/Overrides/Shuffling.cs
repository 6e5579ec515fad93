namespace Refrag.Composition.Overrides;

/// <summary>Shuffles by a seed, so that the order can be had again.</summary>
internal static class Shuffling
{
    /// <summary>The items in an order that the seed and their number decide.</summary>
    public static T[] Shuffle<T>(IReadOnlyList<T> items, int seed)
    {
        T[] shuffled = [.. items];
        // A fixed generator: the framework's may change from one version to the next.
        ulong state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL + 0x2545F4914F6CDD1DUL);
        for (int i = shuffled.Length - 1; i > 0; i--)
        {
            int j = (int)(NextRandom(ref state) % (uint)(i + 1));
            (shuffled[i], shuffled[j]) = (shuffled[j], shuffled[i]);
        }
        return shuffled;
    }

    // SplitMix64.
    private static uint NextRandom(ref ulong state)
    {
        unchecked
        {
            ulong mixed = state += 0x9E3779B97F4A7C15UL;
            mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9UL;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBUL;
            return (uint)((mixed ^ (mixed >> 31)) >> 32);
        }
    }
}
