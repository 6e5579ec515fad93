using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Scheduling.Tests.Catalogue;

/// <summary>What regions offer, by AWS's DescribeInstanceTypeOfferings.</summary>
public sealed class RegionOfferingsTests
{
    private static readonly RegionOfferings s_offerings = RegionOfferings.Load();

    [Theory]
    [InlineData("us-east-1", "g6.xlarge", true)]
    [InlineData("eu-west-1", "g6.xlarge", false)]
    [InlineData("ap-southeast-3", "g5g.metal", true)] // its family is not offered there, this size is
    [InlineData("ap-southeast-3", "g5g.xlarge", false)]
    [InlineData("xx-nowhere-1", "g6.xlarge", true)] // not known is not the same as not offered
    public void Offers_RegionAndType_IsAsAwsSays(string region, string type, bool offers) =>
        Assert.Equal(offers, s_offerings.Offers(region, Tables.Types.Find(type)!));

    [Theory]
    [InlineData("eu-west-1", "g6.xlarge", true)]
    [InlineData("us-east-1", "g6.xlarge", false)]
    [InlineData("ap-southeast-3", "g5g.metal", false)]
    [InlineData("ap-southeast-3", "g5g.xlarge", true)]
    [InlineData("xx-nowhere-1", "g6.xlarge", false)]
    [InlineData("us-east-1", "p3.2xlarge", false)] // in no row: nothing is known of it
    public void Excludes_RegionAndType_OnlyWhereBothAreKnown(string region, string type, bool excludes) =>
        Assert.Equal(excludes, s_offerings.Excludes(region, Tables.Types.Find(type)!));

    [Fact]
    public void Changes_TypeThatTheRegionLacks_IsNotSuggested()
    {
        InstanceType everywhere = Suggested(Tables.Types);
        InstanceCatalogue here = Tables.Types.Offering(type => type != everywhere);

        Assert.NotEqual(everywhere, Suggested(here));
        Assert.NotNull(here.Find(everywhere.Name));
    }

    private static InstanceType Suggested(InstanceCatalogue catalogue)
    {
        Requirement gpu = new() { Amount = Amount.Of(4, 8192, 1) };
        return Assert.Single(Fit.Check(gpu, ["c6i.xlarge"], catalogue, Tables.Prices).Value.Changes.OfType<AddType>()).Type;
    }
}
