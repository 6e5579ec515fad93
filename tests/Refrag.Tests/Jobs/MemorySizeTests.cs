using Refrag.Jobs;

namespace Refrag.Tests.Jobs;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("8192", 8192)]
    [InlineData("65536", 65536)]
    [InlineData("64GiB", 65536)]
    [InlineData("64Gi", 65536)]
    [InlineData("1.5GiB", 1536)]
    [InlineData("512MiB", 512)]
    [InlineData("64 GiB", 65536)]
    [InlineData("1TiB", 1048576)]
    [InlineData("4MiB", 4)]
    [InlineData("8192KiB", 8)]
    public void Parse_Amount_IsInMebiBytes(string text, long expected) =>
        Assert.Equal(new MebiBytes(expected), MemorySize.Parse(text, out _));

    [Theory]
    [InlineData("64", "Write 64GiB, or 64MiB if you do mean that little.")]
    [InlineData("64GB", "Write 64GiB, if that is what you mean.")]
    [InlineData("64g", "Write 64GiB, if that is what you mean.")]
    [InlineData("-1", "Write MiB as a whole number (8192) or give the unit (8GiB).")]
    [InlineData("lots", "Write MiB as a whole number (8192) or give the unit (8GiB).")]
    [InlineData("1GiB2", "Write MiB as a whole number (8192) or give the unit (8GiB).")]
    [InlineData("68719476736", "Memory is in MiB: 65536 is 64 GiB.")]
    [InlineData("1000.5", "Write 1001.")]
    [InlineData("2MiB", "Ask for more.")]
    public void Parse_Nonsense_HasACure(string text, string cure)
    {
        Assert.Null(MemorySize.Parse(text, out (string Cause, string Cure) fault));
        Assert.Equal(cure, fault.Cure);
        Assert.NotEmpty(fault.Cause);
    }
}
