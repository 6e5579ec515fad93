using System.Globalization;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Scheduling.Tests.Catalogue;

public sealed class InstanceCatalogueTests
{
    // As EC2's tables of instance types list them, without bare metal.
    [Theory]
    [InlineData("c5", 8)]
    [InlineData("c6i", 9)]
    [InlineData("c6a", 10)]
    [InlineData("c6g", 8)]
    [InlineData("c7i", 9)]
    [InlineData("c7g", 8)]
    [InlineData("m5", 8)]
    [InlineData("m6i", 9)]
    [InlineData("m6a", 10)]
    [InlineData("m6g", 8)]
    [InlineData("m7i", 9)]
    [InlineData("r5", 8)]
    [InlineData("r6i", 9)]
    [InlineData("r7i", 9)]
    [InlineData("g4dn", 6)]
    [InlineData("g5", 8)]
    [InlineData("g5g", 5)]
    [InlineData("g6", 8)]
    [InlineData("g6e", 8)]
    [InlineData("p3", 3)]
    [InlineData("p4d", 1)]
    [InlineData("p5", 2)]
    [InlineData("t3", 7)]
    [InlineData("trn1", 2)]
    [InlineData("inf2", 4)]
    [InlineData("g6f", 4)]
    [InlineData("u-6tb1", 2)]
    public void Resolve_Family_HasAllItsSizes(string family, int sizes) => Assert.Equal(sizes, Tables.Types.Resolve([family]).Value.Count);

    // UG compute_environment_parameters, instanceTypes: "c5 doesn't include c5.metal".
    [Fact]
    public void Resolve_FamiliesAndBundles_AreWithoutBareMetal()
    {
        Assert.DoesNotContain(Tables.Types.Resolve([.. Tables.Types.Families, "optimal", "default_arm64"]).Value, type => type.IsBareMetal);
        Assert.True(Assert.Single(Tables.Types.Resolve(["c5.metal"]).Value).IsBareMetal);
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
            Assert.Equal(price.OnDemand is not null, price.OnDemandBasis.Length > 0);
        }
    }

    [Fact]
    public void Prices_G5Xlarge_IsWhatTheDatedFiguresSay()
    {
        Price price = Tables.Prices.Find("g5.xlarge")!;
        Assert.Equal((0.5089m, new DateOnly(2026, 8, 10)), (price.Spot!.Value, price.AsOf!.Value));
    }

    // aws/karpenter-provider-aws, generated 2026-07-20.
    [Theory]
    [InlineData("a1.metal", "us-east-1", "0.408")]
    [InlineData("trn1.32xlarge", "us-east-1", "21.5")]
    [InlineData("m5.large", "us-gov-west-1", "0.121")]
    public void Prices_OfTypesWithoutASpotPrice_HaveTheirDateAndBasis(string type, string region, string usd)
    {
        Price price = Tables.Prices.Find(type, region)!;
        Assert.Equal(
            (usd, null, new DateOnly(2026, 7, 20), "karpenter pricing table"),
            (price.OnDemand?.ToString(CultureInfo.InvariantCulture), price.Spot, price.AsOf!.Value, price.OnDemandBasis));
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
