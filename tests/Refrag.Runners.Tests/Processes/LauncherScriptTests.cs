using System.Diagnostics;
using System.Globalization;
using Refrag.Runners.Processes;

namespace Refrag.Runners.Tests.Processes;

public sealed class LauncherScriptTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task For_SigtermBeforeTheProgramBegins_EndsIt()
    {
        using var folder = new TemporaryFolder();
        // The shell waits at its control group, which is a pipe here, until it is read.
        string pipe = folder.At("cgroup.procs");
        await RunAsync("mkfifo", pipe);
        using Process launcher =
            Process.Start("setsid",
                LauncherScript.For(
                    folder.Path, "boot", [folder.Path], "/bin/sh", ["sh", "-c", "echo ran"], new Dictionary<string, string>()));
        await Eventually.HoldsAsync(() => File.Exists(folder.At("begun")));
        await RunAsync("kill", "-TERM", launcher.Id.ToString(CultureInfo.InvariantCulture));
        using Process reader = Process.Start("sh", ["-c", $"exec cat {pipe} >/dev/null"]);
        await launcher.WaitForExitAsync(Token).Soon();
        Assert.Equal(("143\n", false), (await File.ReadAllTextAsync(folder.At("exit"), Token), File.Exists(folder.At("out"))));
        // Without a writer it would wait for one.
        reader.Kill();
        await reader.WaitForExitAsync(Token).Soon();
    }

    [Theory]
    [InlineData("_a1", true)]
    [InlineData("A", true)]
    [InlineData("", false)]
    [InlineData("1a", false)]
    [InlineData("a-b", false)]
    [InlineData("ä", false)]
    public void IsShellName_OfAName_IsLettersDigitsAndUnderscores(string name, bool isOne) =>
        Assert.Equal(isOne, LauncherScript.IsShellName(name));

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(program, arguments);
        await process.WaitForExitAsync(Token).Soon();
    }
}
