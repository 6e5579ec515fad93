using Refrag.Catalogues;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Tests.Catalogues;

public sealed class CatalogueFolderTests
{
    [Fact]
    public async Task WriteAsync_File_HasTheModeOfTheUmask()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no umask.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        string plain = Path.Combine(folder.FullName, "plain");
        await File.WriteAllTextAsync(plain, "", TestContext.Current.CancellationToken);
        var catalogues = new CatalogueFolder(folder.FullName);
        var none =
            new RegionCatalogue { Region = "us-east-1", TakenAt = DateTimeOffset.UnixEpoch, Source = "a test", Types = [], Prices = [] };
        await catalogues.WriteAsync(none, TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(File.GetUnixFileMode(plain), File.GetUnixFileMode(catalogues.FileOf("us-east-1")));
        folder.Delete(recursive: true);
    }

    // What is answered for the default region without reading the project's table is what the table says.
    [Theory]
    [InlineData(PriceTable.DefaultRegion)]
    [InlineData("eu-west-1")]
    [InlineData("none-1")]
    public void HasPricesOf_WithoutFiles_IsWhatTheProjectsTableHas(string region)
    {
        KnownCatalogue known = new CatalogueFolder(Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString())).Load();

        Assert.Equal(
            PriceTable.Load().Prices.Any(price => price.Region == region && (price.OnDemand ?? price.Spot) is not null),
            known.HasPricesOf(region));
    }
}
