using Refrag.Cli.Context;

namespace Refrag.Cli.Tests;

/// <summary>What the program returns where it itself is at fault.</summary>
public sealed class RefragCommandLineTests
{
    [Fact]
    public async Task RunAsync_WithAFaultOfRefragsOwn_IsOneErrorAndExitCode70()
    {
        using var program = new TestProgram();
        CliContext broken = program.Context with { Variable = static _ => throw new InvalidOperationException("an unexpected state") };

        Assert.Equal(ExitCodes.Internal, await RefragCommandLine.RunAsync(broken, ["envs"]));

        Assert.StartsWith(
            "RF5005 refrag has a bug: InvalidOperationException: an unexpected state", program.Error, StringComparison.Ordinal);
        Assert.Contains("report it", program.Error, StringComparison.Ordinal);
    }
}
