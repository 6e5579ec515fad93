using System.Text.Json.Nodes;

namespace Refrag.Cli.Tests.Commands.Diagnose;

/// <summary>What instance types lack is readable at every width.</summary>
public sealed class FitVerbTests : IDisposable
{
    private readonly TestProgram _program = new();
    private readonly StringWriter _screen = new();

    public void Dispose()
    {
        _program.Dispose();
        _screen.Dispose();
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public async Task Fit_NarrowTerminal_SaysBelowTheTableWhatIsMissing(int width)
    {
        string[] lines = await FitAsync(width);

        Assert.DoesNotContain("NOTE", lines[1], StringComparison.Ordinal);
        Assert.All(lines.Skip(1).Take(3), line => Assert.InRange(line.Length, 1, width));
        Assert.Contains("g5.12xlarge needs 8 GPUs, offers 4", lines);
        Assert.Contains(lines, line => line.StartsWith("g5.xlarge needs ", StringComparison.Ordinal)
            && line.Contains("needs 8 GPUs, offers 1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fit_WideTerminal_SaysInTheTableWhatIsMissing()
    {
        string[] lines = await FitAsync(220);

        Assert.EndsWith("NOTE", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("needs 8 GPUs, offers 4", lines[2], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.StartsWith("g5.12xlarge needs", StringComparison.Ordinal));
    }

    // c6i.xlarge is x86, c7g.xlarge has Graviton. (EC2 instance types)
    [Fact]
    public async Task Fit_Architecture_IsAskedOfTheTypes()
    {
        int exit = await RootVerb.Create(_program.Context)
            .Parse(
                ["fit", "app=hello_dist", "env=awsbatch", "env.architecture=arm64", "env.vcpus=1", "env.memory=1GiB", "--types",
                    "c6i.xlarge,c7g.xlarge", "--json"])
            .InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);

        Assert.True(exit == 0, _program.Error);
        Assert.Equal(
            [("c7g.xlarge", true), ("c6i.xlarge", false)],
            JsonNode.Parse(_program.Output)!["types"]!.AsArray().Select(one => ((string)one!["type"]!, (bool)one["fits"]!)));
    }

    private async Task<string[]> FitAsync(int width)
    {
        var terminal = new Cli.Terminal.Terminal(_screen, TextWriter.Null,
            name => name == "COLUMNS" ? $"{width}" : name == "NO_COLOR" ? "1" : null, outputIsTerminal: true, errorIsTerminal: false);
        int exit = await RootVerb.Create(_program.Context with { Terminal = terminal })
            .Parse(["fit", "app=hello_dist", "env=local", "env.gpus=8", "env.vcpus=16", "--types", "g5.xlarge,g5.12xlarge"])
            .InvokeAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(2, exit);
        return _screen.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
