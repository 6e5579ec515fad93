using Refrag.Cli.Context;

namespace Refrag.Cli.Tests.Context;

public sealed class OpenSslTests
{
    [Theory]
    [InlineData(true, "libno-such-thing.so.3", "libc.so.6")]
    [InlineData(false, "libno-such-thing.so.3", "libno-such-thing.so.1.1")]
    public void Check_Names_FindsTheOneThatIsThere(bool found, params string[] names) =>
        Assert.Equal(found, OpenSsl.Check([], names));

    [Fact]
    public void Check_FileInAFolder_IsFoundWithoutBeingLoaded()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["libno-such-thing.so.3"];
        Assert.False(OpenSsl.Check([folder.Path], names));
        File.WriteAllText(folder.At(names[0]), "no library");
        Assert.True(OpenSsl.Check([folder.Path], names));
    }

    [Fact]
    public void Missing_Text_NamesThePackages()
    {
        string text = ProblemText.Render([OpenSsl.Missing()]);

        Assert.StartsWith("RF8132 This system has no OpenSSL", text, StringComparison.Ordinal);
        Assert.Contains("apt-get install libssl3", text, StringComparison.Ordinal);
    }
}
