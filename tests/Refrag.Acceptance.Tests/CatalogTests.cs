using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests;

/// <summary>Instance types and Spot prices read from moto's EC2. moto has no price list, so that is what fails here.</summary>
[Collection(MotoTests.Name)]
public sealed class CatalogTests(MotoAccount moto) : IClassFixture<MotoAccount>
{
    private readonly string _state = ScratchFolder.Make("state");

    private string File => Path.Combine(_state, "refrag", "catalogue", "us-east-1.csv");

    private BuiltProgram Program => moto.Program().With("XDG_STATE_HOME", _state);

    [Fact]
    public async Task Refresh_KeepOnDemand_IsWhatFitCountsWith()
    {
        moto.SkipIfAbsent();

        Finished refresh = await Program.RunAsync("catalog", "refresh", "--keep-on-demand", "--json");
        Finished fit = await Program.RunAsync("fit", "--types", "g5.xlarge,x1e.xlarge", "--json");
        Finished show = await Program.RunAsync("catalog", "show", "--json");

        Assert.True(refresh.ExitCode == 0, refresh.ToString());
        JsonNode read = JsonNode.Parse(refresh.Output)!;
        Assert.True((int)read["types"]! > 400, refresh.Output);
        Assert.Equal(File, (string?)read["file"]);
        Assert.True(fit.ExitCode == 0, fit.ToString());
        // The project's table has no x1e at all, and another Spot price than moto's hundred-thousandth.
        JsonArray types = JsonNode.Parse(fit.Output)!["types"]!.AsArray();
        Assert.All(types, t => Assert.Equal(0.00001m, (decimal)t!["spotUsdPerHour"]!));
        Assert.Contains(types, t => (string?)t!["type"] == "x1e.xlarge");
        Assert.Contains("1.006", types.Single(t => (string?)t!["type"] == "g5.xlarge")!["onDemandUsdPerHour"]!.ToJsonString(),
            StringComparison.Ordinal);
        Assert.Equal(read["types"]!.ToJsonString(), JsonNode.Parse(show.Output.Split('\n')[0])!["types"]!.ToJsonString());
    }

    [Fact]
    public async Task Refresh_PriceListFails_OneErrorAndTheOldFileStays()
    {
        moto.SkipIfAbsent();
        Finished first = await Program.RunAsync("catalog", "refresh", "--keep-on-demand");
        Assert.True(first.ExitCode == 0, first.ToString());
        string before = await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken);

        Finished second = await Program.RunAsync("catalog", "refresh");

        Assert.Equal(69, second.ExitCode);
        Assert.Contains("GetProducts", second.Error, StringComparison.Ordinal);
        Assert.Contains("stays as it was", second.Error, StringComparison.Ordinal);
        Assert.Equal(before, await System.IO.File.ReadAllTextAsync(File, TestContext.Current.CancellationToken));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(File)!));
    }

    [Fact]
    public async Task Refresh_NoNetwork_OneErrorAndNothingWritten()
    {
        Finished refresh = await moto.Program(new Uri("http://127.0.0.1:1")).With("XDG_STATE_HOME", _state).RunAsync("catalog", "refresh");

        Assert.Equal(69, refresh.ExitCode);
        Assert.Contains("RF3005", refresh.Error, StringComparison.Ordinal);
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public async Task Show_DamagedFile_SaysSoAndCountsWithTheProjectsOwn()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, "# region: us-east-1\nhalf", TestContext.Current.CancellationToken);

        Finished show = await Program.RunAsync("catalog", "show");

        Assert.True(show.ExitCode == 0, show.ToString());
        Assert.Contains("RF5040", show.Error, StringComparison.Ordinal);
        Assert.Contains("the project's tables", show.Output, StringComparison.Ordinal);
    }
}
