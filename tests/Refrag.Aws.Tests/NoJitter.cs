namespace Refrag.Aws.Tests;

/// <summary>Randomness that makes no request wait before it is repeated.</summary>
internal sealed class NoJitter : Random
{
    public override double NextDouble() => 0;
}
