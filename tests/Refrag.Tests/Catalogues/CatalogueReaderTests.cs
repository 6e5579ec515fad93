using Refrag.Aws;
using Refrag.Aws.Ec2;
using Refrag.Aws.Pricing;
using Refrag.Catalogues;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Tests.Catalogues;

public sealed class CatalogueReaderTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    // The shape of an entry of the price list, cut down.
    private const string Product = """
        {"product":{"productFamily":"Compute Instance","attributes":{"instanceType":"z9.large","regionCode":"us-east-1"}},
         "terms":{"OnDemand":{"A.B":{"priceDimensions":{"A.B.C":{"unit":"Hrs","pricePerUnit":{"USD":"0.1250000000"}}}}}}}
        """;

    [Fact]
    public async Task ReadAsync_SeveralPages_HasAllAndKnowsNewTypes()
    {
        RegionCatalogue read = await ReadAsync(new Aws());

        Assert.Equal(["m6i.xlarge", "z9.large"], read.Types.Select(t => t.Name));
        Price price = read.Prices.Single(p => p.Type == "z9.large");
        Assert.Equal((0.125m, 0.03m, new DateOnly(2026, 11, 23)), (price.OnDemand, price.Spot, price.AsOf));
        Assert.Equal(Architecture.Arm64, read.Types[1].Architecture);
        InstanceCatalogue all = InstanceCatalogue.Load().With(read.Types);
        Assert.Equal(["z9.large"], all.Resolve(["z9"]).Value.Select(t => t.Name));
    }

    [Fact]
    public async Task ReadAsync_WithoutPriceList_KeepsKnownPricesWithTheirDate()
    {
        RegionCatalogue read =
            await new CatalogueReader(new Aws(), null, new At()).ReadAsync(
                "us-east-1", PriceTable.Load(), TestContext.Current.CancellationToken);

        Price price = read.Prices.Single(p => p.Type == "m6i.xlarge");
        Price known = PriceTable.Load().Find("m6i.xlarge")!;
        Assert.Equal((known.OnDemand, known.AsOf, 0.05m), (price.OnDemand, price.AsOf, price.Spot));
    }

    [Fact]
    public async Task Parse_OfItsOwnText_IsTheSame()
    {
        RegionCatalogue read = await ReadAsync(new Aws());

        RegionCatalogue again = RegionCatalogue.Parse(read.ToText());

        Assert.Equal(read.Types, again.Types);
        Assert.Equal(read.Prices, again.Prices);
        Assert.Equal((read.Region, read.TakenAt, read.Source), (again.Region, again.TakenAt, again.Source));
    }

    [Fact]
    public async Task Parse_OfHalfAFile_IsRefused()
    {
        string text = (await ReadAsync(new Aws())).ToText();
        for (int length = 0; length < text.Length - 2; length += 7)
        {
            string half = text[..length];
            Assert.Throws<FormatException>(() => RegionCatalogue.Parse(half));
        }
    }

    [Fact]
    public async Task WriteAsync_ThenLoad_StandsOverTheProjectsTables()
    {
        CatalogueFolder folder = new(Directory.CreateTempSubdirectory("refrag-catalogue").FullName);

        await folder.WriteAsync(await ReadAsync(new Aws()), TestContext.Current.CancellationToken);
        KnownCatalogue known = folder.Load();

        Assert.Empty(known.Problems);
        Assert.Equal(0.05m, known.Prices.Find("m6i.xlarge")!.Spot);
        // Not among what was read: the interruption class, and all other types.
        Assert.Equal(PriceTable.Load().Find("m6i.xlarge")!.Interruption, known.Prices.Find("m6i.xlarge")!.Interruption);
        Assert.NotNull(known.Types.Find("g5.xlarge"));
        Assert.NotNull(known.Types.Find("z9.large"));
    }

    // EC2 calls the devices of all makers GPUs; a job can have those of NVIDIA alone.
    [Theory]
    [InlineData("NVIDIA", "A10G", 1)]
    [InlineData("NVIDIA", "RTX PRO Server 6000", 1)]
    [InlineData("AMD", "Radeon Pro V520", 0)]
    public void Parse_OfAnEarlierVersionsFile_KnowsTheMaker(string maker, string model, int gpus)
    {
        InstanceType type = new()
        {
            Name = "z9.xlarge",
            VCpus = 4,
            InstalledMiB = 16384,
            Architecture = Architecture.X64,
            Accelerator = $"{maker} {model}",
            Accelerators = 1,
            AcceleratorMemoryMiB = 8192,
        };
        var written = new RegionCatalogue
        {
            Region = "us-east-1",
            TakenAt = s_now,
            Source = "a test",
            Types = [type],
            Prices = [],
        };
        string earlier = written.ToText().Replace($"{maker} ", "", StringComparison.Ordinal);
        Assert.Equal(type, Assert.Single(RegionCatalogue.Parse(earlier).Types));
        Assert.Equal(gpus, type.Gpus);
    }

    // A region's file has no column for them.
    [Fact]
    public void With_OfATypeThatIsKnown_KeepsItsAcceleratorsDisksAndEfa()
    {
        InstanceType known = InstanceCatalogue.Load().Find("trn1.32xlarge")!;
        InstanceType read = new()
        {
            Name = known.Name,
            VCpus = known.VCpus,
            InstalledMiB = known.InstalledMiB + 1,
            Architecture = known.Architecture,
            HasSpot = false,
        };
        Assert.Equal(
            known with { InstalledMiB = known.InstalledMiB + 1, HasSpot = false },
            InstanceCatalogue.Load().With([read]).Find(known.Name));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"product":{"attributes":{"instanceType":"a.b"}},"terms":{}}""")]
    [InlineData(
        """{"product":{"attributes":{"instanceType":"a.b"}},"terms":{"OnDemand":{"A":{"priceDimensions":{"B":"""
            + """{"unit":"Hrs","pricePerUnit":{"CNY":"1.0"}}}}}}}""")]
    public void ProductPrice_WithoutAnHourInUsd_IsNone(string product) => Assert.Null(ProductPrice.Read(product));

    private static Task<RegionCatalogue> ReadAsync(Aws aws) =>
        new CatalogueReader(aws, aws, new At()).ReadAsync("us-east-1", PriceTable.None, TestContext.Current.CancellationToken);

    private sealed class At : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => s_now;
    }

    /// <summary>Answers in two pages.</summary>
    private sealed class Aws : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => Task.FromResult((TResponse)Answer(request));

        private static object Answer(object request) => request switch
        {
            DescribeInstanceTypesRequest { NextToken: null } =>
                new DescribeInstanceTypesResponse
                {
                    InstanceTypes = [Type("z9.large", "arm64"), Type("mac1.metal", "x86_64_mac")],
                    NextToken = "2",
                },
            DescribeInstanceTypesRequest => new DescribeInstanceTypesResponse { InstanceTypes = [Type("m6i.xlarge", "x86_64")] },
            DescribeSpotPriceHistoryRequest { NextToken: null } =>
                new DescribeSpotPriceHistoryResponse
                {
                    Prices = [new("z9.large", "a", 0.02m), new("m6i.xlarge", "a", 0.05m)],
                    NextToken = "2",
                },
            DescribeSpotPriceHistoryRequest =>
                new DescribeSpotPriceHistoryResponse { Prices = [new("z9.large", "b", 0.04m), new("z9.large", "a", 9m)] },
            GetProductsRequest { NextToken: null } => new GetProductsResponse { PriceList = ["{}"], NextToken = "2" },
            GetProductsRequest => new GetProductsResponse { PriceList = [Product] },
            _ => throw new InvalidOperationException($"{request} was not expected."),
        };

        private static InstanceTypeInfo Type(string name, string architecture) =>
            new(name, 2, 4096, 0) { Architecture = architecture, HasSpot = true };
    }
}
