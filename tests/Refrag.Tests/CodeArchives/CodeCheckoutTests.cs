using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Refrag.Tests.CodeArchives;

/// <summary>Only the code that was submitted is used, and nothing in an archive reaches out of the folder.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class CodeCheckoutTests : IDisposable
{
    private readonly CodeFolder _code = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _code.Dispose();

    public static TheoryData<string, TarEntryType, string?> Hostile => new()
    {
        { "../evil", TarEntryType.RegularFile, null },
        { "a/../../evil", TarEntryType.RegularFile, null },
        { "/tmp/evil", TarEntryType.RegularFile, null },
        { "./evil", TarEntryType.RegularFile, null },
        { "a//evil", TarEntryType.RegularFile, null },
        { "../evil/", TarEntryType.Directory, null },
        { "link", TarEntryType.SymbolicLink, "/etc" },
        { "link", TarEntryType.SymbolicLink, ".." },
        { "a/link", TarEntryType.SymbolicLink, "../../x" },
        { "a/link", TarEntryType.SymbolicLink, "b/../../../x" },
        { "hard", TarEntryType.HardLink, "/etc/passwd" },
        { "pipe", TarEntryType.Fifo, null },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task CheckOut_EntryThatLeavesTheFolder_IsRefused(string name, TarEntryType type, string? link)
    {
        (string url, string digest) = Store([("first", TarEntryType.RegularFile, null), (name, type, link)]);

        Assert.Equal("RF8022", Assert.Single((await _code.CheckOutAsync(url, digest)).Problems).Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_code.Temporary));
        Assert.False(Path.Exists("/tmp/evil"));
    }

    [Theory]
    [InlineData("here", "link")]
    [InlineData("here", "link/file")]
    [InlineData("here", "link/a/file")]
    public async Task CheckOut_EntryThroughALink_IsRefused(string target, string name)
    {
        (string url, string digest) =
            Store([("here/x", TarEntryType.RegularFile, null), ("link", TarEntryType.SymbolicLink, target),
                (name, TarEntryType.RegularFile, null)]);

        Assert.Equal("RF8022", Assert.Single((await _code.CheckOutAsync(url, digest)).Problems).Code);
    }

    [Fact]
    public async Task CheckOut_OtherContentThanWasSubmitted_IsRefused()
    {
        (string url, string digest) = Store([("a", TarEntryType.RegularFile, null)]);
        string other = digest[..^1] + (digest[^1] == '0' ? '1' : '0');
        File.Move(new Uri(url).LocalPath, new Uri(url.Replace(digest, other, StringComparison.Ordinal)).LocalPath);

        Problem problem = Assert.Single((await _code.CheckOutAsync(url.Replace(digest, other, StringComparison.Ordinal), other)).Problems);
        Assert.Equal("RF8021", problem.Code);
        Assert.Contains(digest, problem.What, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_code.Temporary));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(200)]
    public async Task CheckOut_PartOfAnArchive_IsRefused(int bytes)
    {
        (string url, string digest) = Store([("a", TarEntryType.RegularFile, null), ("b", TarEntryType.RegularFile, null)]);
        using (var archive = new FileStream(new Uri(url).LocalPath, FileMode.Open, FileAccess.Write))
        {
            Assert.True(archive.Length > bytes);
            archive.SetLength(bytes);
        }

        Assert.Equal("RF8021", Assert.Single((await _code.CheckOutAsync(url, digest)).Problems).Code);
    }

    [Fact]
    public async Task CheckOut_BytesThatAreNoArchive_AreRefused()
    {
        (string url, string digest) = Store([("a", TarEntryType.RegularFile, null)]);
        File.WriteAllText(new Uri(url).LocalPath, "not an archive");

        Assert.Equal("RF8021", Assert.Single((await _code.CheckOutAsync(url, digest)).Problems).Code);
    }

    [Fact]
    public async Task CheckOut_ArchiveThatIsGone_IsAProblem()
    {
        string digest = new('a', 64);

        Assert.Equal("RF8020", Assert.Single((await _code.CheckOutAsync(_code.OpenStore().UrlOf(digest), digest)).Problems).Code);
        Assert.Equal("RF8019", Assert.Single((await _code.CheckOutAsync(_code.OpenStore().UrlOf(digest), null)).Problems).Code);
        Assert.Equal("RF8019", Assert.Single((await _code.CheckOutAsync(_code.OpenStore().UrlOf(digest), "../../x")).Problems).Code);
    }

    [Fact]
    public async Task CheckOut_FolderThatAProcessHolds_StaysAndOthersGo()
    {
        _code.With("a");
        string held = await _code.RoundTripAsync();
        // A process that was killed leaves its folder and a lock that no process holds.
        string left = Path.Combine(_code.Temporary, "refrag-code-left");
        PrivateFiles.CreateFolder(left);
        File.WriteAllText(Path.Combine(left, "lock"), "");
        string foreign = Path.Combine(_code.Temporary, "refrag-code-foreign");
        PrivateFiles.CreateFolder(foreign);

        string second = await _code.RoundTripAsync();

        Assert.NotEqual(held, second);
        Assert.True(File.Exists(Path.Combine(held, "a")));
        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(foreign));
    }

    [Fact]
    public async Task CheckOut_Folder_IsForItsOwnerAlone()
    {
        string folder = await _code.With("a/b").RoundTripAsync();

        UnixFileMode others = (UnixFileMode)0x3f;
        Assert.All(
            (string[])[Path.GetDirectoryName(folder)!, folder, Path.Combine(folder, "a"), Path.Combine(folder, "a/b")],
            path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & others));
    }

    // An archive of another program, stored under its true hash.
    private (string Url, string Digest) Store(IEnumerable<(string Name, TarEntryType Type, string? Link)> entries)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach ((string name, TarEntryType type, string? link) in entries)
            {
                var entry = new PaxTarEntry(type, name);
                if (link is not null) entry.LinkName = link;
                if (type == TarEntryType.RegularFile) entry.DataStream = new MemoryStream(RandomNumberGenerator.GetBytes(500));
                tar.WriteEntry(entry);
            }
        }
        string digest = Convert.ToHexStringLower(SHA256.HashData(content.ToArray()));
        string url = _code.OpenStore().UrlOf(digest);
        Directory.CreateDirectory(_code.Store);
        using FileStream file = File.Create(new Uri(url).LocalPath);
        using var compressed = new GZipStream(file, CompressionLevel.Fastest);
        compressed.Write(content.ToArray());
        return (url, digest);
    }
}
