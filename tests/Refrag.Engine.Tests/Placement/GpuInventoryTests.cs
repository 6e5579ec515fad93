using Refrag.Engine.Placement;

namespace Refrag.Engine.Tests.Placement;

public sealed class GpuInventoryTests
{
    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, "all", null)]
    [InlineData(null, "none", "")]
    [InlineData(null, "void", "")]
    [InlineData(null, "", "")]
    [InlineData(null, "2,3", "0,1")]
    [InlineData(null, "GPU-aa,GPU-bb", "GPU-aa,GPU-bb")]
    [InlineData("", "all", "")]
    [InlineData("-1", null, "")]
    [InlineData("1, 3", "all", "1,3")]
    [InlineData("0,-1,2", null, "0")]
    public void FromVariables_Limits_AreKept(string? cuda, string? nvidia, string? expected)
    {
        IReadOnlyList<string>? ids = GpuInventory.FromVariables(cuda, nvidia);
        Assert.Equal(expected, ids is null ? null : string.Join(',', ids));
    }

    [Fact]
    public void Parse_OutputOfTheTool_GivesIndices() => Assert.Equal(["0", "11"], GpuInventory.Parse(
        ["GPU 0: NVIDIA A10G (UUID: GPU-1)", "  MIG 1g.5gb Device 0: (UUID: MIG-1)", "GPU 11: NVIDIA A10G (UUID: GPU-2)",
            "No devices found."]));
}
