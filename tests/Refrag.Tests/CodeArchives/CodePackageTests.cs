using System.Diagnostics;
using Refrag.CodeArchives;

namespace Refrag.Tests.CodeArchives;

/// <summary>The archive: its address follows from its content, and what comes out is what went in.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CodePackageTests
{
    private static readonly string s_deep = string.Join('/', Enumerable.Repeat("folder-with-a-long-name", 8));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Make_SameContent_HasTheSameBytesWhateverTheOrderTimesAndModes()
    {
        var random = new Random(7);
        for (int round = 0; round < 10; round++)
        {
            (string Path, string Text, bool IsExecutable)[] files = [.. Enumerable.Range(0, random.Next(1, 20)).Select(number =>
                ($"{(random.Next(2) == 0 ? "a/" : "")}f{number}-ü \n'", new string('x', random.Next(3000)), random.Next(2) == 0))];
            string[] digests = new string[2];
            byte[][] archives = new byte[2][];
            for (int copy = 0; copy < 2; copy++)
            {
                using var code = new CodeFolder();
                random.Shuffle(files);
                foreach ((string path, string text, bool isExecutable) in files)
                {
                    code.With(path, text, isExecutable);
                    string full = Path.Combine(code.Root, path);
                    UnixFileMode more = copy == 1 ? UnixFileMode.GroupWrite | UnixFileMode.OtherWrite : UnixFileMode.None;
                    File.SetUnixFileMode(full, File.GetUnixFileMode(full) | more);
                    File.SetLastWriteTimeUtc(full, DateTime.UnixEpoch.AddSeconds(random.Next()));
                }
                CodePackage package = (await code.PackAsync()).Value;
                Assert.Null(await package.UploadAsync(code.OpenStore(), Token));
                digests[copy] = package.Digest;
                archives[copy] = File.ReadAllBytes(new Uri(code.OpenStore().UrlOf(package.Digest)).LocalPath);
            }
            Assert.Equal(digests[0], digests[1]);
            Assert.Equal(archives[0], archives[1]);
        }
    }

    [Fact]
    public async Task Make_OtherContent_HasAnotherAddress()
    {
        HashSet<string> digests = [];
        foreach (Action<CodeFolder> change in (Action<CodeFolder>[])
            [
                _ => { }, code => code.With("a", "y"), code => code.With("b"), code => code.With("a", isExecutable: true),
                code => code.WithLink("l", "a"), code => code.WithLink("l", "d/x"),
            ])
        {
            using CodeFolder code = new CodeFolder().With("a").With("d/x");
            change(code);
            Assert.True(digests.Add((await code.PackAsync()).Value.Digest));
        }
    }

    [Fact]
    public async Task Upload_AnyFolder_ComesOutAsItWentIn()
    {
        using var code = new CodeFolder();
        code.With("train.py", "print(1)\n").With("run.sh", "#!/bin/sh\n", isExecutable: true).With("empty", "")
            .With("ü/日本 \n'\"\\", "name").With($"{s_deep}/deep.txt", "deep").With("large", new string('l', 1_000_000))
            .WithLink("l1", "train.py").WithLink("ü/up", "../train.py").WithLink("long", $"{s_deep}/deep.txt").WithLink("nowhere", "none");

        string folder = await code.RoundTripAsync();

        string[] Files(string root) => [.. Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetRelativePath(root, path)} {new FileInfo(path).LinkTarget ?? File.ReadAllText(path)} "
                + (new FileInfo(path).LinkTarget is null && (File.GetUnixFileMode(path) & UnixFileMode.UserExecute) != UnixFileMode.None))];
        Assert.Equal(Files(code.Root), Files(folder));
        Assert.Equal("print(1)\n", File.ReadAllText(Path.Combine(folder, "ü/up")));
    }

    [Fact]
    [Trait("Peer", "tar")]
    public async Task Upload_AnyFolder_IsReadByTar()
    {
        using CodeFolder code = new CodeFolder().With("a.py", "print(1)\n").With($"{s_deep}/deep.txt", "deep").WithLink("l", "a.py");
        CodePackage package = (await code.PackAsync()).Value;
        Assert.Null(await package.UploadAsync(code.OpenStore(), Token));
        string archive = new Uri(code.OpenStore().UrlOf(package.Digest)).LocalPath;
        using Process tar = Process.Start(new ProcessStartInfo("tar", ["-tzvf", archive])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["TZ"] = "UTC", ["LC_ALL"] = "C" },
        })!;
        string[] lines = (await tar.StandardOutput.ReadToEndAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await tar.WaitForExitAsync(Token);

        Assert.Equal(0, tar.ExitCode);
        Assert.Equal(["a.py", $"{s_deep}/deep.txt", "l -> a.py"], lines.Select(line => line.Split("2000-01-01 00:00 ")[1]));
        Assert.StartsWith("-rw-r--r-- 0/0", lines[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("longer than it was")]
    [InlineData("")]
    [InlineData("y")]
    public async Task Upload_FileThatChanges_StoresNothing(string text)
    {
        using CodeFolder code = new CodeFolder().With("a").With("b");
        CodePackage package = (await code.PackAsync()).Value;
        code.With("b", text);

        Assert.Equal("RF8011", (await package.UploadAsync(code.OpenStore(), Token))?.Code);
        Assert.False(await code.OpenStore().HasAsync(package.Digest, Token));
        Assert.Empty(Directory.EnumerateFiles(code.Store));
    }

    [Fact]
    public async Task Upload_FileThatIsGone_StoresNothing()
    {
        using CodeFolder code = new CodeFolder().With("a").With("b");
        CodePackage package = (await code.PackAsync()).Value;
        File.Delete(Path.Combine(code.Root, "b"));

        Assert.Equal("RF8011", (await package.UploadAsync(code.OpenStore(), Token))?.Code);
        Assert.Empty(Directory.EnumerateFiles(code.Store));
    }

    [Fact]
    public async Task Upload_StoreThatCannotBeWritten_IsAProblem()
    {
        using CodeFolder code = new CodeFolder().With("a");
        // A file where the folder would be: for root, no mode is in the way.
        File.WriteAllText(code.Store, "");

        Assert.Equal("RF8015", (await (await code.PackAsync()).Value.UploadAsync(code.OpenStore(), Token))?.Code);
    }

    [Fact]
    public async Task Upload_OnceMore_WritesNothing()
    {
        using CodeFolder code = new CodeFolder().With("a");
        CodePackage package = (await code.PackAsync()).Value;
        Assert.Null(await package.UploadAsync(code.OpenStore(), Token));
        code.With("a", "changed since");

        Assert.Null(await package.UploadAsync(code.OpenStore(), Token));
    }
}
