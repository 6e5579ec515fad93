using System.Diagnostics;
using System.Globalization;

namespace Refrag.Core.Tests;

/// <summary>What the system reports of a file, beside what stat(1) prints of it.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FileStatusTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-status");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [Trait("Peer", "stat")]
    [InlineData("", false, 0)]
    [InlineData("content", true, 0)]
    [InlineData("content", false, 1_000_000_000.5)]
    [InlineData("content", false, -1_000_000.25)]
    public async Task FindStamp_File_IsWhatStatPrints(string text, bool isExecutable, double modified)
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Linux alone reports stamps.");
        string file = In("file");
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        UnixFileMode more = isExecutable ? UnixFileMode.UserExecute : UnixFileMode.None;
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupExecute | more);
        if (modified != 0) File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(modified));

        FileStamp stamp = FileStatus.FindStamp(file)!.Value;

        string times = $"{Seconds(stamp.Modified)} {Seconds(stamp.Changed)}";
        Assert.Equal(await StatAsync(file), string.Create(CultureInfo.InvariantCulture, $"{stamp.Bytes} {stamp.Number} {times}\n"));
        Assert.Equal(isExecutable, stamp.IsExecutable);
    }

    [Fact]
    public void FindStamp_NoFile_IsNull()
    {
        File.CreateSymbolicLink(In("link"), "/etc/passwd");
        Assert.All((string[])[In("none"), In("link"), _folder.FullName, "/dev/null"], path => Assert.Null(FileStatus.FindStamp(path)));
    }

    private static string Seconds(long nanoseconds) => (nanoseconds / 1e9m).ToString("0.000000000", CultureInfo.InvariantCulture);

    private static async Task<string> StatAsync(string file)
    {
        var start = new ProcessStartInfo("stat", ["-c", "%s %i %.9Y %.9Z", file])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["LC_ALL"] = "C" },
        };
        using Process stat = Process.Start(start)!;
        string output = await stat.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await stat.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }

    private string In(string name) => Path.Combine(_folder.FullName, name);
}
