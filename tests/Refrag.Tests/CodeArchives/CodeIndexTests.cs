using Microsoft.Extensions.Time.Testing;
using Refrag.CodeArchives;

namespace Refrag.Tests.CodeArchives;

/// <summary>An unchanged folder is not read again, and a changed one always is.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CodeIndexTests : IDisposable
{
    private const UnixFileMode File600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly CodeFolder _code = new CodeFolder().With("a", "one").With("d/b").WithLink("l", "a");

    // No file of a test is of this moment.
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow.AddHours(1));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_code.Temporary, "index");

    private string Entry => Assert.Single(Directory.EnumerateFiles(Folder));

    public void Dispose() => _code.Dispose();

    [Fact]
    public async Task Digest_UnchangedFolder_IsNotReadAgain()
    {
        Assert.True(await IsReadAsync());
        Assert.False(await IsReadAsync());
        Assert.Equal(
            (await _code.PackAsync()).Value.Digest, (await _code.PackAsync(index: new CodeIndex(Folder, _time))).Value.Digest);
    }

    public static TheoryData<string> Changes => ["content", "content and time", "mode", "name", "more", "fewer", "link", "replaced"];

    // git(1) knows a change of the same size by its times; here the time that no program sets is among them.
    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Digest_AnyChange_IsRead(string change)
    {
        string file = Path.Combine(_code.Root, "a");
        var before = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, before);
        Assert.True(await IsReadAsync());
        await NextTimeAsync(file);
        switch (change)
        {
            case "content": _code.With("a", "two"); break;
            case "content and time": _code.With("a", "two"); File.SetLastWriteTimeUtc(file, before); break;
            case "mode": File.SetUnixFileMode(file, File600 | UnixFileMode.UserExecute); break;
            case "name": File.Move(file, file + "2"); break;
            case "more": _code.With("c"); break;
            case "fewer": File.Delete(Path.Combine(_code.Root, "d/b")); break;
            case "link": File.Delete(Path.Combine(_code.Root, "l")); _code.WithLink("l", "d/b"); break;
            default:
                string other = Path.Combine(_code.With("new", "two").Root, "new");
                File.SetLastWriteTimeUtc(other, before);
                File.Move(other, file, overwrite: true);
                break;
        }

        Assert.True(await IsReadAsync());
        Assert.False(await IsReadAsync());
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(10, false)]
    public async Task Digest_FileThatWasChangedAMomentBefore_IsReadAgain(int seconds, bool isReadAgain)
    {
        CodeListing listing = (await _code.PackAsync()).Value.Listing;
        long last = listing.Files.Max(file => file.Stamp?.Changed ?? 0);
        _time.AdjustTime(DateTimeOffset.UnixEpoch.AddTicks(last / TimeSpan.NanosecondsPerTick).AddSeconds(seconds));

        Assert.True(await IsReadAsync());
        Assert.Equal(isReadAgain, await IsReadAsync());
    }

    [Fact]
    public async Task Digest_FileOfTheFuture_IsReadEachTime()
    {
        File.SetLastWriteTimeUtc(Path.Combine(_code.Root, "a"), _time.GetUtcNow().UtcDateTime.AddDays(1));
        Assert.True(await IsReadAsync());
        Assert.True(await IsReadAsync());
    }

    [Fact]
    public async Task Digest_DamagedIndex_IsNotUsed()
    {
        Assert.True(await IsReadAsync());
        byte[] whole = await File.ReadAllBytesAsync(Entry, Token);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 1;
            await File.WriteAllBytesAsync(Entry, damaged, Token);
            Assert.True(await IsReadAsync());
            await File.WriteAllBytesAsync(Entry, whole[..at], Token);
            Assert.True(await IsReadAsync());
        }
        Assert.False(await IsReadAsync());
    }

    [Fact]
    public async Task Digest_FolderThatOthersMayWriteTo_IsNotUsed()
    {
        Directory.CreateDirectory(Folder);
        File.SetUnixFileMode(Folder, File600 | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);
        Assert.True(await IsReadAsync());
        Assert.True(await IsReadAsync());
        Assert.Empty(Directory.EnumerateFiles(Folder));
    }

    [Fact]
    public async Task Digest_IndexThatCannotBeWritten_IsNoFault()
    {
        // A file where the folder would be: for root, no mode is in the way.
        await File.WriteAllTextAsync(Folder, "", Token);
        Assert.True(await IsReadAsync());
        Assert.True(await IsReadAsync());
    }

    [Fact]
    public async Task Digest_Index_IsForItsOwnerAlone()
    {
        Assert.True(await IsReadAsync());
        Assert.Equal(File600, File.GetUnixFileMode(Entry));
        Assert.Equal(File600 | UnixFileMode.UserExecute, File.GetUnixFileMode(Folder));
    }

    [Fact]
    public async Task Digest_ManyFolders_OnlyTheLatestAreRemembered()
    {
        PrivateFiles.CreateFolder(Folder);
        for (int number = 0; number < 600; number++)
        {
            string other = Path.Combine(Folder, $"{number}");
            await File.WriteAllTextAsync(other, "", Token);
            // The last hundred are older than a month.
            File.SetLastWriteTimeUtc(other, _time.GetUtcNow().UtcDateTime.AddHours(-2 - (number < 500 ? 0 : 24 * 31)));
        }
        Assert.True(await IsReadAsync());

        Assert.Equal(500, Directory.EnumerateFiles(Folder).Count());
        Assert.False(await IsReadAsync());
        Assert.False(File.Exists(Path.Combine(Folder, "599")));
    }

    [Fact]
    public async Task Digest_FoldersNotUsedForAMonth_AreForgotten()
    {
        PrivateFiles.CreateFolder(Folder);
        foreach (int days in new[] { 10, 29, 31, 400 })
        {
            string other = Path.Combine(Folder, $"{days}");
            await File.WriteAllTextAsync(other, "", Token);
            File.SetLastWriteTimeUtc(other, _time.GetUtcNow().UtcDateTime.AddDays(-days));
        }
        Assert.True(await IsReadAsync());

        string?[] left = [.. Directory.EnumerateFiles(Folder).Select(Path.GetFileName)];
        Assert.Equal(["10", "29"], left.Where(name => name!.Length < 4).Order(StringComparer.Ordinal));
        Assert.Equal(3, left.Length);
    }

    // The store has another name for the code than what the index says, so it asks for the files, and they tell.
    [Fact]
    public async Task Upload_IndexThatIsWrong_IsForgotten()
    {
        var index = new CodeIndex(Folder, _time);
        CodePackage right = (await _code.PackAsync()).Value;
        await index.DigestAsync(right.Listing, _time.GetUtcNow(), () => Task.FromResult(new string('0', 64)));
        CodePackage wrong = (await _code.PackAsync(index: index)).Value;
        Assert.Equal(new string('0', 64), wrong.Digest);

        Assert.Equal("RF8011", (await wrong.UploadAsync(_code.OpenStore(), Token))?.Code);
        Assert.Empty(Directory.EnumerateFiles(_code.Store));
        CodePackage again = (await _code.PackAsync(index: index)).Value;
        Assert.Equal(right.Digest, again.Digest);
        Assert.Null(await again.UploadAsync(_code.OpenStore(), Token));
    }

    private async Task<bool> IsReadAsync()
    {
        DateTimeOffset began = _time.GetUtcNow();
        CodePackage read = (await _code.PackAsync()).Value;
        bool isRead = false;
        string digest = await new CodeIndex(Folder, _time).DigestAsync(read.Listing, began, () =>
        {
            isRead = true;
            return Task.FromResult(read.Digest);
        });
        Assert.Equal(read.Digest, digest);
        return isRead;
    }

    // The clock of a file system moves in steps of some milliseconds.
    private async Task NextTimeAsync(string file)
    {
        string probe = Path.Combine(_code.Temporary, "probe");
        long last = FileStatus.FindStamp(file)!.Value.Changed;
        await Eventually.HoldsAsync(() =>
        {
            File.WriteAllText(probe, "");
            return FileStatus.FindStamp(probe)!.Value.Changed > last;
        });
    }
}
