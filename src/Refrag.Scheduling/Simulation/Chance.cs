namespace Refrag.Scheduling.Simulation;

/// <summary>Chance from a seed, the same on every machine (SplitMix64).</summary>
/// <param name="seed">The same seed gives the same numbers.</param>
public sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>At least 0, below 1.</summary>
    public double Part() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>At least 0, below <paramref name="below"/>.</summary>
    public int Number(int below) => (int)(Next() % (ulong)below);

    /// <summary>
    /// Exponentially distributed with mean 1. Von Neumann's way needs comparisons only: a logarithm may differ in its last bit from one C
    /// library to another.
    /// </summary>
    public double Exponential()
    {
        for (int whole = 0; ; whole++)
        {
            double first = Part();
            double last = first;
            bool isOdd = true;
            for (double next = Part(); next < last; next = Part()) (last, isOdd) = (next, !isOdd);
            if (isOdd) return whole + first;
        }
    }
}
