using System.Diagnostics;
using Refrag.Runners.Usage;

namespace Refrag.Runners.Tests.Usage;

public sealed class NvidiaSmiTests : IDisposable
{
    // An answer to this question, and one of a GPU that is divided, as NVIDIA's documentation of nvidia-smi has them.
    private const string Answer = "0, GPU-5f1e, NVIDIA A10G, 37, 1024, 23028\n1, GPU-77aa, NVIDIA A100-SXM4-40GB, [N/A], 45, 40960\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parse_AnAnswer_HasWhatIsReportedAndNullForTheRest() => Assert.Equal(
        [
            new GpuSample("0", "GPU-5f1e", "NVIDIA A10G", 37, 1024, 23028),
            new GpuSample("1", "GPU-77aa", "NVIDIA A100-SXM4-40GB", null, 45, 40960),
        ],
        NvidiaSmi.Parse(Answer));

    [Theory]
    [InlineData("")]
    [InlineData("No devices were found\n")]
    [InlineData("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.\n")]
    public void Parse_NoAnswer_IsEmpty(string text) => Assert.Empty(NvidiaSmi.Parse(text));

    [Fact]
    public async Task AskAsync_TheToolOfTheSearchPath_IsAsked()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is a shell's.");
        await WriteAsync("#!/bin/sh\necho \"$@\" >>" + _folder.At("asked") + "\nprintf '"
            + Answer.Replace("\n", "\\n", StringComparison.Ordinal) + "'\n");
        NvidiaSmi tool = NvidiaSmi.Find($"/nonexistent:{_folder.Path}", TimeProvider.System)!;
        Assert.Equal(2, (await tool.AskAsync(Token).Soon()).Count);
        Assert.StartsWith("--query-gpu=index,uuid", await File.ReadAllTextAsync(_folder.At("asked"), Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AskAsync_ThreeFailures_AreTheLast()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The script is a shell's.");
        await WriteAsync("#!/bin/sh\necho asked >>" + _folder.At("asked") + "\nexit 9\n");
        NvidiaSmi tool = NvidiaSmi.Find(_folder.Path, TimeProvider.System)!;
        for (int i = 0; i < 5; i++) Assert.Empty(await tool.AskAsync(Token).Soon());
        Assert.Equal(3, (await File.ReadAllLinesAsync(_folder.At("asked"), Token)).Length);
    }

    [Fact]
    public void Find_NoTool_IsNull() => Assert.Null(NvidiaSmi.Find(_folder.Path, TimeProvider.System));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Not by this process: a program that another test starts meanwhile could have it open for writing, and then it cannot be run.
    private async Task WriteAsync(string script)
    {
        using Process made = Process.Start(
            "sh", ["-c", "printf %s \"$1\" >\"$2\"; chmod 500 \"$2\"", "sh", script, _folder.At("nvidia-smi")]);
        await made.WaitForExitAsync(Token).Soon();
    }
}
