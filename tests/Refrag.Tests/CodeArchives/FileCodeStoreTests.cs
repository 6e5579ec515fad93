using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.CodeArchives;

namespace Refrag.Tests.CodeArchives;

/// <summary>An archive is in the store whole or not at all.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class FileCodeStoreTests : IDisposable
{
    private static readonly string s_digest = new('a', 64);
    private readonly CodeFolder _code = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _code.Dispose();

    [Fact]
    public async Task Put_InTheMiddle_NothingCanBeUsed()
    {
        ICodeStore store = CodeStores.OfThisMachine(_code.Store, TimeProvider.System).Value;
        // What a kill at this moment leaves is what is there at this moment.
        await store.PutAsync(s_digest, async (output, token) =>
        {
            await output.WriteAsync(new byte[10_000], token);
            await output.FlushAsync(token);
            Assert.False(await store.HasAsync(s_digest, token));
            await Assert.ThrowsAsync<FileNotFoundException>(() => store.OpenAsync(s_digest, token));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
                File.GetUnixFileMode(Assert.Single(Directory.EnumerateFiles(_code.Store))));
        }, Token);

        Assert.True(await store.HasAsync(s_digest, Token));
        Assert.Equal($"{s_digest}.tar.gz", Path.GetFileName(Assert.Single(Directory.EnumerateFiles(_code.Store))));
    }

    [Fact]
    public async Task Put_StoreThatTheUserNamed_HasTheModesOfOtherFiles()
    {
        ICodeStore store = CodeStores.Named(_code.StoreUrl, place: null, new AwsClientOptions()).Value;
        await store.PutAsync(s_digest, (_, _) => Task.CompletedTask, Token);
        string usual = Path.Combine(Directory.CreateDirectory(Path.Combine(_code.Temporary, "usual")).FullName, "file");
        File.WriteAllText(usual, "");

        Assert.Equal(File.GetUnixFileMode(usual), File.GetUnixFileMode(Assert.Single(Directory.EnumerateFiles(_code.Store))));
        Assert.Equal(File.GetUnixFileMode(Path.GetDirectoryName(usual)!), File.GetUnixFileMode(_code.Store));
    }

    [Fact]
    public async Task Put_WriterThatThrows_LeavesNothing()
    {
        ICodeStore store = _code.OpenStore();
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(s_digest, async (output, token) =>
        {
            await output.WriteAsync(new byte[10], token);
            throw new IOException("No space left on device");
        }, Token));

        Assert.Empty(Directory.EnumerateFiles(_code.Store));
    }

    [Fact]
    public async Task Put_TwoAtOnce_AreBothDone()
    {
        ICodeStore store = _code.OpenStore();
        var first = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        Task one = store.PutAsync(s_digest, async (output, token) =>
        {
            await output.WriteAsync("same"u8.ToArray(), token);
            first.SetResult();
            await second.Task.Soon();
        }, Token);
        await first.Task.Soon();
        await store.PutAsync(s_digest, async (output, token) => await output.WriteAsync("same"u8.ToArray(), token), Token);
        second.SetResult();
        await one.Soon();

        await using Stream archive = await store.OpenAsync(s_digest, Token);
        using var reader = new StreamReader(archive);
        Assert.Equal("same", await reader.ReadToEndAsync(Token));
    }

    [Fact]
    public async Task Put_ArchivesOutOfUseAndLeftDrafts_AreRemoved()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(50));
        ICodeStore store = CodeStores.OfThisMachine(_code.Store, time).Value;
        foreach (char letter in "abc") await store.PutAsync(new string(letter, 64), (_, _) => Task.CompletedTask, Token);
        File.WriteAllText(Path.Combine(_code.Store, "left.new"), "");
        File.WriteAllText(Path.Combine(_code.Store, "other"), "");
        foreach (string file in Directory.EnumerateFiles(_code.Store)) File.SetLastWriteTimeUtc(file, time.GetUtcNow().UtcDateTime);

        time.Advance(TimeSpan.FromDays(20));
        Assert.True(await store.HasAsync(new string('b', 64), Token));
        // A job that reads it uses it too.
        await (await store.OpenAsync(new string('c', 64), Token)).DisposeAsync();
        time.Advance(TimeSpan.FromDays(20));
        // A dry run only chooses the store.
        Assert.True(CodeStores.OfThisMachine(_code.Store, time).IsSuccess);
        Assert.Equal(5, Directory.EnumerateFiles(_code.Store).Count());
        await store.PutAsync(new string('d', 64), (_, _) => Task.CompletedTask, Token);

        Assert.Equal(
            [$"{new string('b', 64)}.tar.gz", $"{new string('c', 64)}.tar.gz", $"{new string('d', 64)}.tar.gz", "other"],
            Directory.EnumerateFiles(_code.Store).Select(Path.GetFileName).Order());
    }

    [Theory]
    [InlineData("/mnt/shared", "RF8013")]
    [InlineData("file://host/share", "RF8013")]
    [InlineData("shared", "RF8013")]
    [InlineData("https://host/x", "RF8013")]
    [InlineData("s3://", "RF8013")]
    [InlineData("s3://A/b", "RF8013")]
    [InlineData("s3://bucket/a/../b", "RF8013")]
    [InlineData("s3://bucket/a?b", "RF8013")]
    public void Named_UrlThatCannotBeUsed_IsAProblem(string url, string code) =>
        Assert.Equal(code, Assert.Single(CodeStores.Named(url, place: null, new AwsClientOptions()).Problems).Code);

    [Theory]
    [InlineData("/a b/ü#%")]
    [InlineData("/mnt/shared")]
    public void Of_UrlOfAnArchive_IsItsStore(string folder)
    {
        string url = new FileCodeStore(folder, TimeProvider.System).UrlOf(s_digest);
        ICodeStore store = CodeStores.Of(new CodeReference(url, s_digest), new AwsClientOptions()).Value;

        Assert.Equal(url, store.UrlOf(s_digest));
        Assert.Equal($"{folder}/{s_digest}.tar.gz", new Uri(url).LocalPath);
    }

    [Theory]
    [InlineData("s3://bucket", "s3://bucket/")]
    [InlineData("s3://my.bucket-1/", "s3://my.bucket-1/")]
    [InlineData("s3://bucket/a//b/", "s3://bucket/a/b/")]
    public void Named_Bucket_HasArchivesBelowItsPrefix(string url, string before) =>
        Assert.Equal($"{before}{s_digest}.tar.gz", CodeStores.Named(url, place: null, new AwsClientOptions()).Value.UrlOf(s_digest));

    [Fact]
    public void OfThisMachine_FolderThatOthersMayWriteTo_IsRefused()
    {
        Directory.CreateDirectory(_code.Store);
        File.SetUnixFileMode(_code.Store, (UnixFileMode)0x1ff);

        Assert.Equal("RF4025", Assert.Single(CodeStores.OfThisMachine(_code.Store, TimeProvider.System).Problems).Code);
    }
}
