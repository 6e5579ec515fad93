using System.Text.Json;
using Refrag.Results;

namespace Refrag.Tests.Results;

/// <summary>What a job has stored is found and brought home, and nothing of it reaches beyond the folder.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BroughtResultsTests : IDisposable
{
    private readonly ResultStoreFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("../evil", null)]
    [InlineData("/tmp/evil", null)]
    [InlineData("a/../../evil", null)]
    [InlineData("a//evil", null)]
    [InlineData("", null)]
    [InlineData("link", "/etc")]
    [InlineData("link", "../..")]
    [InlineData("link", "a/../../../etc")]
    public async Task Find_IndexWithAPathThatLeaves_IsRefused(string path, string? link)
    {
        await StoreIndexAsync((path, link));

        await Assert.ThrowsAsync<InvalidDataException>(() => _folder.FindAsync(1));
        Assert.Equal("RF8034", (await _folder.Sync(2).BeginAsync(Token))?.Code);
    }

    [Fact]
    public async Task Bring_PathBelowALink_ReplacesTheLink()
    {
        string outside = _folder.Folder("outside");
        await StoreIndexAsync(("in/evil", null));
        Directory.CreateDirectory(Path.Combine(_folder.StoredFiles, "attempt-1", "files", "in"));
        File.WriteAllText(Path.Combine(_folder.StoredFiles, "attempt-1", "files", "in", "evil"), "x");
        string home = _folder.Folder("home");
        File.CreateSymbolicLink(Path.Combine(home, "in"), outside);

        JobResults results = (await _folder.FindAsync(1))!;
        Assert.Equal("in/evil", Assert.Single((await results.BringAsync(home, Token)).Files).Path);
        Assert.Empty(Directory.EnumerateFileSystemEntries(outside));
        Assert.Equal("x", File.ReadAllText(Path.Combine(home, "in", "evil")));
    }

    [Fact]
    public async Task Bring_FileThatIsALinkHere_ReplacesTheLink()
    {
        ResultSync sync = _folder.Sync(1);
        _folder.Write(1, "log", "line");
        Assert.Null(await sync.StoreAsync(Token));
        string outside = Path.Combine(_folder.Folder("outside"), "mine");
        File.WriteAllText(outside, "mine");
        string home = _folder.Folder("home");
        File.CreateSymbolicLink(Path.Combine(home, "log"), outside);

        JobResults results = (await _folder.FindAsync(1))!;
        Assert.Equal("log", Assert.Single((await results.BringAsync(home, Token)).Files).Path);
        Assert.Equal(("line", "mine"), (File.ReadAllText(Path.Combine(home, "log")), File.ReadAllText(outside)));
    }

    [Fact]
    public async Task Bring_Again_BringsOnlyWhatIsMissingOrDiffers()
    {
        ResultSync sync = _folder.Sync(1);
        _folder.Write(1, "a", "one");
        _folder.Write(1, "b/c", "two");
        Assert.Null(await sync.StoreAsync(Token));
        JobResults results = (await _folder.FindAsync(1))!;
        string home = Path.Combine(_folder.Folder("new"), "home");
        Assert.Equal(2, (await results.BringAsync(home, Token)).Files.Count);
        Assert.Empty((await results.BringAsync(home, Token)).Files);

        File.WriteAllText(Path.Combine(home, "a"), "own");
        File.WriteAllText(Path.Combine(home, "other"), "stays");
        Assert.Equal("a", Assert.Single((await results.BringAsync(home, Token)).Files).Path);
        // The same content with another time is there already.
        File.SetLastWriteTimeUtc(Path.Combine(home, "a"), DateTime.UnixEpoch);
        Assert.Empty((await results.BringAsync(home, Token)).Files);
        Assert.Equal(["a", "b", "other"], Directory.EnumerateFileSystemEntries(home).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task Bring_FolderInTheWay_IsRefusedAlone()
    {
        ResultSync sync = _folder.Sync(1);
        _folder.Write(1, "a", "one");
        _folder.Write(1, "b", "two");
        _folder.Write(1, "c", "three");
        Assert.Null(await sync.StoreAsync(Token));
        string home = _folder.Folder("home");
        Directory.CreateDirectory(Path.Combine(home, "a"));
        File.WriteAllText(Path.Combine(home, "a", "mine"), "mine");
        Directory.CreateDirectory(Path.Combine(home, "b"));

        BroughtResults brought = await (await _folder.FindAsync(1))!.BringAsync(home, Token);
        Assert.Equal(["b", "c"], brought.Files.Select(file => file.Path).Order());
        Assert.StartsWith("a: ", Assert.Single(brought.Failed), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(home, "a", "mine")));
    }

    [Fact]
    public async Task Bring_FileThatIsRemovedMeanwhile_IsLeftOut()
    {
        ResultSync sync = _folder.Sync(1);
        _folder.Write(1, "a", "one");
        _folder.Write(1, "b", "two");
        Assert.Null(await sync.StoreAsync(Token));
        JobResults results = (await _folder.FindAsync(1))!;
        File.Delete(Path.Combine(_folder.Folder("attempt-1"), "a"));
        Assert.Null(await sync.StoreAsync(Token));

        BroughtResults brought = await results.BringAsync(_folder.Folder("home"), Token);
        Assert.Empty(brought.Failed);
        Assert.Equal("b", Assert.Single(brought.Files).Path);
    }

    [Fact]
    public async Task Find_IndexWithAPathTwiceOrBelowAnother_IsRefused()
    {
        (string, string?)[][] indexes =
            [[("a", null), ("a", null)], [("a", null), ("a/b", null)], [("c", null), ("a", "c"), ("a/b/d", null)]];
        foreach ((string, string?)[] files in indexes)
        {
            await StoreIndexAsync(files);
            await Assert.ThrowsAsync<InvalidDataException>(() => _folder.FindAsync(1));
        }
    }

    [Fact]
    public async Task Bring_PathThatChangedItsKindMeanwhile_IsLeftOut()
    {
        ResultSync sync = _folder.Sync(1);
        _folder.Write(1, "a", "one");
        _folder.Write(1, "b/c", "two");
        Assert.Null(await sync.StoreAsync(Token));
        JobResults results = (await _folder.FindAsync(1))!;
        File.Delete(Path.Combine(_folder.Folder("attempt-1"), "a"));
        Directory.Delete(Path.Combine(_folder.Folder("attempt-1"), "b"), recursive: true);
        _folder.Write(1, "a/part", "one");
        _folder.Write(1, "b", "two");
        Assert.Null(await sync.StoreAsync(Token));

        BroughtResults brought = await results.BringAsync(_folder.Folder("home"), Token);
        Assert.Empty(brought.Failed);
        Assert.Empty(brought.Files);
        brought = await (await _folder.FindAsync(1))!.BringAsync(_folder.Folder("home"), Token);
        Assert.Empty(brought.Failed);
        Assert.Equal(["a/part", "b"], brought.Files.Select(file => file.Path).Order(StringComparer.Ordinal));
    }

    private async Task StoreIndexAsync(params (string Path, string? Link)[] files)
    {
        string folder = Path.Combine(_folder.StoredFiles, "attempt-1");
        Directory.CreateDirectory(folder);
        var index = new
        {
            version = 1,
            at = DateTimeOffset.UnixEpoch,
            files = files.Select(file => new
            {
                path = file.Path,
                attempt = 1,
                bytes = file.Link is null ? 1 : 0,
                modified = DateTimeOffset.UnixEpoch,
                sha256 = file.Link is null ? new string('a', 64) : null,
                link = file.Link,
            }),
        };
        await File.WriteAllTextAsync(Path.Combine(folder, "index.json"), JsonSerializer.Serialize(index), Token);
    }
}
