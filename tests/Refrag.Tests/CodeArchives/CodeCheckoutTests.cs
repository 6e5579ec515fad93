using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Refrag.CodeArchives;
using Refrag.Stores;

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

    // Numbers in GNU's binary form, and in octal digits; the field of the time is at 136, that of the size at 124. 'L' is a long name.
    [Theory]
    [InlineData(136, "80ffffffffffffffffffffff", '0')]
    [InlineData(136, "800000000000000fffffffff", '0')]
    [InlineData(136, "800000007fffffffffffffff", '0')]
    [InlineData(136, "ffffffff8000000000000000", '0')]
    [InlineData(124, "80ffffffffffffffffffffff", '0')]
    [InlineData(124, "800000007fffffffffffffff", '0')]
    [InlineData(124, "ffffffffffffffffffffffff", '0')]
    [InlineData(124, "373737373737373737373700", 'L')]
    [InlineData(124, "800000007fffffffffffffff", 'L')]
    public async Task CheckOut_HeaderWithNumbersOfNoMeaning_IsRefused(int at, string bytes, char type)
    {
        using var content = new MemoryStream();
        using (var tar = new TarWriter(content, TarEntryFormat.Gnu, leaveOpen: true))
            tar.WriteEntry(new GnuTarEntry(TarEntryType.RegularFile, "a") { DataStream = new MemoryStream([1]) });
        byte[] archive = content.ToArray();
        Convert.FromHexString(bytes).CopyTo(archive, at);
        archive[156] = (byte)type;
        archive.AsSpan(148, 8).Fill((byte)' ');
        int sum = archive.Take(512).Sum(value => value);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(archive, 148);
        string digest = new('a', 64);

        Assert.Equal("RF8021", Assert.Single((await _code.CheckOutAsync(Write(digest, archive), digest)).Problems).Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_code.Temporary));
    }

    [Fact]
    public async Task Read_MoreThanTheMost_IsInvalid()
    {
        await using var all = new HashedStream(new MemoryStream(new byte[10]), mostRead: 10);
        await all.CopyToAsync(Stream.Null, Token);
        await using var more = new HashedStream(new MemoryStream(new byte[10]), mostRead: 9);
        await Assert.ThrowsAsync<InvalidDataException>(() => more.CopyToAsync(Stream.Null, Token));
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
        File.WriteAllText(Path.Combine(left, "lock"), HeldFolder.Machine());
        string readOnly = Directory.CreateDirectory(Path.Combine(left, "code", "read-only")).FullName;
        File.WriteAllText(Path.Combine(readOnly, "file"), "");
        File.SetUnixFileMode(readOnly, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        string foreign = Path.Combine(_code.Temporary, "refrag-code-foreign");
        PrivateFiles.CreateFolder(foreign);
        // Where a file system is shared, and its locks are not.
        string remote = Path.Combine(_code.Temporary, "refrag-code-remote");
        PrivateFiles.CreateFolder(remote);
        File.WriteAllText(Path.Combine(remote, "lock"), "another machine");

        // Another user may make a link to a folder that is ours and only looks like a checkout, such as that of a state.
        string state = Path.Combine(_code.Temporary, "state");
        PrivateFiles.CreateFolder(state);
        File.WriteAllText(Path.Combine(state, "lock"), HeldFolder.Machine());
        string kept = Path.Combine(Directory.CreateDirectory(Path.Combine(state, "code")).FullName, "kept");
        File.WriteAllText(kept, "");
        Directory.CreateSymbolicLink(Path.Combine(_code.Temporary, "refrag-code-link"), state);

        string second = await _code.RoundTripAsync();

        Assert.NotEqual(held, second);
        Assert.True(File.Exists(kept));
        Assert.True(File.Exists(Path.Combine(held, "a")));
        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(foreign));
        Assert.True(Directory.Exists(remote));
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
        return (Write(digest, content.ToArray()), digest);
    }

    private string Write(string digest, byte[] content)
    {
        string url = _code.OpenStore().UrlOf(digest);
        Directory.CreateDirectory(_code.Store);
        using FileStream file = File.Create(new Uri(url).LocalPath);
        using var compressed = new GZipStream(file, CompressionLevel.Fastest);
        compressed.Write(content);
        return url;
    }
}
