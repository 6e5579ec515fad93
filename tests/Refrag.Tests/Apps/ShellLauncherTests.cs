using System.Diagnostics;
using Refrag.Apps;

namespace Refrag.Tests.Apps;

public sealed class ShellLauncherTests
{
    [Theory]
    [InlineData("")]
    [InlineData("NUM_NODES=1 NODE_INDEX=0 MAIN_NODE_INDEX=0")]
    [InlineData("NUM_NODES=4 NODE_INDEX=0 MAIN_NODE_INDEX=0")]
    [InlineData("NUM_NODES=4 NODE_INDEX=3 MAIN_NODE_INDEX=0 MAIN_NODE_PRIVATE_IPV4_ADDRESS=10.0.0.7")]
    [InlineData("NUM_NODES=4 NODE_INDEX=2 MAIN_NODE_INDEX=2")]
    [InlineData("NUM_NODES=4 NODE_INDEX=0 MAIN_NODE_INDEX=2 MAIN_NODE_PRIVATE_IPV4_ADDRESS=10.0.0.7")]
    [InlineData("NUM_NODES=4 NODE_INDEX=1 MASTER_ADDR=main.example MASTER_PORT=4001 MAIN_NODE_PRIVATE_IPV4_ADDRESS=10.0.0.7")]
    [InlineData("ARRAY_INDEX=3 ARRAY_SIZE=10 JOB_ID=a:3")]
    [InlineData("MASTER_PORT= MASTER_ADDR=")]
    public async Task Wrap_RunBySh_SetsWhatWorkerSays(string variables)
    {
        Dictionary<string, string> environment = Variables.Of(variables);
        string[] expected = [.. Worker.FromEnvironment(environment).Value
            .TorchVariables().Select(variable => $"{variable.Key}={variable.Value}")];

        (string output, int exitCode) = await RunAsync(ShellLauncher.Wrap(["env"]), environment);

        string[] names = [.. expected.Select(pair => pair.Split('=')[0])];
        string[] set = [.. output.Split('\n').Where(line => names.Contains(line.Split('=')[0])).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, set);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Wrap_WordsWithSpacesQuotesAndDollars_ArriveUntouched()
    {
        string[] words = ["a b", "it's", "\"q\"", "$RANK", "`id`", "", "-n", "ä\\"];

        (string output, int exitCode) = await RunAsync(ShellLauncher.Wrap(["sh", "-c", "printf '<%s>' \"$@\"; exit 7", "x", .. words]), []);

        Assert.Equal(string.Concat(words.Select(word => $"<{word}>")), output);
        Assert.Equal(7, exitCode);
    }

    [Fact]
    public async Task Wrap_CommandNotThere_EndsWith127() =>
        Assert.Equal(127, (await RunAsync(ShellLauncher.Wrap(["no-such-command"]), [])).ExitCode);

    [Fact]
    public void Wrap_Nothing_Throws() => Assert.Throws<ArgumentException>(() => ShellLauncher.Wrap([]));

    private static async Task<(string Output, int ExitCode)> RunAsync(IReadOnlyList<string> command, Dictionary<string, string> environment)
    {
        // The shell of the system, by its path: PATH is not what is tested.
        var start = new ProcessStartInfo("/bin/sh", command.Skip(1))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/bin:/bin";
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (output, process.ExitCode);
    }
}
