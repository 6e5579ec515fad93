namespace Refrag.Scheduling.Clusters;

/// <summary>
/// Exponential decay by whole milliseconds: (1 − 1/τ)^t, by squaring. Only products, so that every machine gets the same bits; the C
/// library's exponential function gives no such promise, and replays must be identical.
/// </summary>
internal sealed class Decay
{
    private const int Bits = 42;
    private readonly double[] _powers = new double[Bits];

    public Decay(double timeConstantMilliseconds)
    {
        _powers[0] = 1 - (1 / timeConstantMilliseconds);
        for (int i = 1; i < Bits; i++) _powers[i] = _powers[i - 1] * _powers[i - 1];
    }

    /// <summary>What is left of 1 after a number of milliseconds.</summary>
    public double Left(long milliseconds)
    {
        double left = 1;
        for (int i = 0; milliseconds > 0 && i < Bits; i++, milliseconds >>= 1)
        {
            if ((milliseconds & 1) != 0) left *= _powers[i];
        }
        return left;
    }
}
