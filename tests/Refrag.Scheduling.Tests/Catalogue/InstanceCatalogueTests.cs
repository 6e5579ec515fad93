using Refrag.Scheduling.Catalogue;

namespace Refrag.Scheduling.Tests.Catalogue;

public sealed class InstanceCatalogueTests
{
    [Theory]
    [InlineData("c5", 9)]
    [InlineData("c6i", 10)]
    [InlineData("c6a", 11)]
    [InlineData("c6g", 9)]
    [InlineData("c7i", 11)]
    [InlineData("c7g", 9)]
    [InlineData("m5", 9)]
    [InlineData("m6i", 10)]
    [InlineData("m6a", 11)]
    [InlineData("m6g", 9)]
    [InlineData("m7i", 11)]
    [InlineData("r5", 9)]
    [InlineData("r6i", 10)]
    [InlineData("r7i", 11)]
    [InlineData("g4dn", 7)]
    [InlineData("g5", 8)]
    [InlineData("g5g", 6)]
    [InlineData("g6", 8)]
    [InlineData("g6e", 8)]
    [InlineData("p3", 3)]
    [InlineData("p4d", 1)]
    [InlineData("p5", 2)]
    [InlineData("t3", 7)]
    public void Resolve_Family_HasAllItsSizes(string family, int sizes) => Assert.Equal(sizes, Tables.Types.Resolve([family]).Value.Count);

    // The table's types are the evidence for what is assumed of those that it lacks.
    [Fact]
    public void VCpusOf_EveryType_IsAtMostAnEighthBelowItsVCpus() =>
        Assert.All(Tables.Types.Types.Where(type => InstanceTypeName.VCpusOf(type.Name) is not null),
            type => Assert.True(type.VCpus * 8 <= InstanceTypeName.VCpusOf(type.Name) * 9, type.Name));

    [Theory]
    [InlineData("c6id.large", 2)]
    [InlineData("r5d.xlarge", 4)]
    [InlineData("trn1.32xlarge", 128)]
    [InlineData("c6i.metal", null)]
    [InlineData("c5n", null)]
    [InlineData("c5n.hugexlarge", null)]
    public void VCpusOf_Name_IsWhatTheSizeStandsFor(string name, int? expected) => Assert.Equal(expected, InstanceTypeName.VCpusOf(name));

    [Fact]
    public void Load_Types_HaveSensibleFigures()
    {
        foreach (InstanceType type in Tables.Types.Types)
        {
            Assert.InRange(type.VCpus, 1, 192);
            Assert.InRange(type.Usable.MemoryMiB, 1, type.InstalledMiB - UsableMemory.AgentMiB);
            Assert.Equal(type.Gpus > 0, type.GpuModel is not null);
            Assert.Equal(type.Gpus > 0, type.GpuMemoryMiB > 0);
        }
    }

    [Fact]
    public void Resolve_Optimal_IsTheFourFamiliesOfTheGuide()
    {
        IEnumerable<string> families = Tables.Types.Resolve(["optimal"]).Value.Select(type => type.Family).Distinct();
        Assert.Equal(["m6i", "c6i", "r6i", "c7i"], families);
    }

    [Fact]
    public void Resolve_TypeAndItsFamily_HasItOnce() => Assert.Equal(8, Tables.Types.Resolve(["g5.xlarge", "g5"]).Value.Count);

    [Fact]
    public void Resolve_UnknownNames_AllAreProblemsWithSuggestion()
    {
        IReadOnlyList<Problem> problems = Tables.Types.Resolve(["g5.4xlrage", "m5", "zz9"]).Problems;
        Assert.Equal(2, problems.Count);
        Assert.Contains("g5.4xlarge", problems[0].Cure, StringComparison.Ordinal);
    }

    // UG memory-management: an m4.large with 8,192 MiB installed offers 7,985 MiB.
    [Fact]
    public void Usable_M4Large_IsAsDocumented() => Assert.Equal(7985, Tables.Types.Find("m4.large")!.Usable.MemoryMiB);

    [Fact]
    public void Prices_Rows_AreOfKnownTypesAndNeverNegative()
    {
        foreach (Price price in Tables.Prices.Prices)
        {
            Assert.NotNull(Tables.Types.Find(price.Type));
            Assert.True(price.OnDemand is null or > 0);
            Assert.True(price.Spot is null || price.Spot < price.OnDemand);
        }
    }

    [Fact]
    public void Prices_G5Xlarge_IsWhatTheDatedFiguresSay()
    {
        Price price = Tables.Prices.Find("g5.xlarge")!;
        Assert.Equal((0.5089m, new DateOnly(2026, 8, 10)), (price.Spot!.Value, price.AsOf!.Value));
    }

    [Theory]
    [InlineData(250, 512, true)]
    [InlineData(250, 3072, false)]
    [InlineData(1000, 8192, true)]
    [InlineData(4000, 31744, false)]
    [InlineData(8000, 20480, true)]
    [InlineData(8000, 17408, false)]
    [InlineData(16000, 122880, true)]
    [InlineData(3000, 8192, false)]
    public void Fargate_Sizes_AreThoseOfTheReference(int milliVCpus, int memory, bool accepted) =>
        Assert.Equal(accepted, FargateSizes.Accepts(new Amount(milliVCpus, memory, 0)));
}
