using Refrag.Server.Access;

namespace Refrag.Server.Tests.Access;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class AccessKeyFileTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    private string File => Path.Combine(_folder, AccessKeyFile.Name);

    [Fact]
    public void Open_FirstTime_MakesAKeyForTheOwnerAlone()
    {
        AccessKey key = Assert.Single(AccessKeyFile.Open(_folder).Value);
        Assert.Matches("^AKIA[A-Z2-7]{16}$", key.AccessKeyId);
        Assert.Equal(40, key.SecretAccessKey.Length);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(_folder));
        Assert.DoesNotContain(key.SecretAccessKey, key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_Again_GivesTheSameKey() =>
        Assert.Equal(Assert.Single(AccessKeyFile.Open(_folder).Value), Assert.Single(AccessKeyFile.Open(_folder).Value));

    [Fact]
    public void Open_ReadableByOthers_IsRefused()
    {
        AccessKeyFile.Open(_folder);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Equal("RF5101", Assert.Single(AccessKeyFile.Open(_folder).Problems).Code);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""[{"accessKeyId":"a"}]""")]
    [InlineData("""[{"accessKeyId":"a","secretAccessKey":""}]""")]
    public void Open_NoKeysInIt_IsRefused(string content)
    {
        AccessKeyFile.Open(_folder);
        System.IO.File.WriteAllText(File, content);
        Assert.Equal("RF5102", Assert.Single(AccessKeyFile.Open(_folder).Problems).Code);
    }

    [Fact]
    public void Open_FolderIsAFile_IsRefused()
    {
        System.IO.File.WriteAllText(_folder, "");
        Assert.Equal("RF5103", Assert.Single(AccessKeyFile.Open(_folder).Problems).Code);
        System.IO.File.Delete(_folder);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }
}
