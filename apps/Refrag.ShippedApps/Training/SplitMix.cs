namespace Refrag.ShippedApps.Training;

/// <summary>
/// Steele, Lea and Flood's SplitMix64: a generator of our own, because a seed must give the same numbers in every version of the runtime.
/// </summary>
internal sealed class SplitMix
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state;
    private double? _spare;

    /// <summary>The generator of one stream of a seed.</summary>
    public SplitMix(ulong seed, ulong stream)
        : this(Mix(seed) ^ Mix(stream * Golden + 1))
    {
    }

    private SplitMix(ulong state) => _state = state;

    /// <summary>The generator as it is published, of a bare state.</summary>
    public static SplitMix OfState(ulong state) => new(state);

    /// <summary>64 random bits.</summary>
    public ulong Next() => Mix(_state += Golden);

    /// <summary>A number from 0 (included) to 1 (excluded), in steps of 2⁻⁵³.</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number from 0 to <paramref name="bound"/> - 1.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    /// <summary>A normally distributed number, by Box and Muller.</summary>
    public double Normal()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }
        double radius = Math.Sqrt(-2 * Math.Log(1 - Unit()));
        double angle = 2 * Math.PI * Unit();
        _spare = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    /// <summary>The numbers from 0 to <paramref name="count"/> - 1 in a random order. (Fisher and Yates)</summary>
    public int[] Permutation(int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (order[i], order[other]) = (order[other], order[i]);
        }
        return order;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

/// <summary>What randomness is used for; each use has its own stream, so that one never shifts another.</summary>
internal static class RandomStreams
{
    public const ulong Data = 1;
    public const ulong Split = 2;
    public const ulong Weights = 3;

    /// <summary>The first epoch's order; the following epochs count on from it.</summary>
    public const ulong FirstEpoch = 1000;
}
