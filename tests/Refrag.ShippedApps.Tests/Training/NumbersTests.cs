using Refrag.ShippedApps.Training;

namespace Refrag.ShippedApps.Tests.Training;

public sealed class NumbersTests
{
    [Fact]
    public void Next_OfSplitMixWithState0_GivesThePublishedNumbers()
    {
        // The reference implementation's first outputs for the seed 1234567. (S. Vigna, splitmix64.c)
        var random = SplitMix.OfState(1234567);

        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], [random.Next(), random.Next(), random.Next()]);
    }

    [Fact]
    public void Next_OfOtherStreams_Differs() =>
        Assert.Equal(4,
            new[] { new SplitMix(0, 1), new SplitMix(0, 2), new SplitMix(1, 1), new SplitMix(2, 1) }
                .Select(random => random.Next()).Distinct().Count());

    [Fact]
    public void Permutation_OfAny_HasEachNumberOnce() =>
        Assert.Equal(Enumerable.Range(0, 1000), new SplitMix(3, 4).Permutation(1000).Order());

    [Fact]
    public void Normal_OfMany_HasMean0AndDeviation1()
    {
        var random = new SplitMix(5, 6);
        double[] numbers = [.. Enumerable.Range(0, 100_000).Select(_ => random.Normal())];

        Assert.InRange(numbers.Average(), -0.02, 0.02);
        Assert.InRange(numbers.Average(number => number * number), 0.98, 1.02);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Learn_OneSmallStep_LowersTheLossAsTheGradientSays(int hidden)
    {
        // A step of lr lowers the mean loss by lr × |gradient|², to first order; the step itself gives the gradient.
        var random = new SplitMix(7, 8);
        var data = new Dataset([.. Enumerable.Range(0, 30).Select(_ => random.Normal())], [0, 1, 2, 0, 1, 2, 0, 1, 2, 0], 3, 3);
        var network = new Network(3, hidden, 3);
        network.Initialize(random);
        const double Rate = 1e-6;
        double[] before = [.. network.Weights];
        double lossBefore = network.Evaluate(data).Loss;

        network.Learn(data, [.. Enumerable.Range(0, 10)], Rate);

        double squares = before.Zip(network.Weights, (a, b) => (a - b) / Rate).Sum(gradient => gradient * gradient);
        double slope = (lossBefore - network.Evaluate(data).Loss) / Rate;
        Assert.InRange(slope / squares, 0.999, 1.001);
        Assert.InRange(squares, 1e-4, double.MaxValue);
    }
}
