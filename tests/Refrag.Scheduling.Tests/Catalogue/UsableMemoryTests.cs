using Refrag.Scheduling.Catalogue;

namespace Refrag.Scheduling.Tests.Catalogue;

public sealed class UsableMemoryTests
{
    // What was reported of ECS's instances: m5.large and m4.large-sized ones, an r5d.xlarge (ASFHyP3/hyp3#582) and others of 32 GiB.
    [Theory]
    [InlineData(8192, 7817)]
    [InlineData(32768, 31431)]
    [InlineData(32768, 31672)]
    public void Sure_OfWhatWasReported_IsNeverMore(int installed, int reported) =>
        Assert.True(UsableMemory.Sure(installed) <= reported && reported <= UsableMemory.Of(installed));

    // AWS documents one point: an m4.large offers 7,985 MiB. (UG memory-management)
    [Fact]
    public void Of_TheDocumentedPoint_IsAsDocumented() => Assert.Equal(7985, UsableMemory.Of(8192));

    [Fact]
    public void Sure_OfEveryType_IsAtMostTheFormula() =>
        Assert.All(
            Tables.Types.Types.Where(type => !type.IsMac), type => Assert.InRange(type.SurelyUsable.MemoryMiB, 1, type.Usable.MemoryMiB));
}
