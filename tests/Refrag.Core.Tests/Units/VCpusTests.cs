namespace Refrag.Core.Tests.Units;

public sealed class VCpusTests
{
    [Fact]
    public void VCpus_ZeroThatASubtractionGaveASign_IsZero()
    {
        decimal zero = 1.00m - 1m;
        Assert.True(decimal.IsNegative(zero));
        Assert.Equal(("0", new VCpus(0)), (new VCpus(zero).ToString(), new VCpus(zero)));
    }

    [Fact]
    public void VCpus_BelowZero_IsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => new VCpus(-0.25m));
}
