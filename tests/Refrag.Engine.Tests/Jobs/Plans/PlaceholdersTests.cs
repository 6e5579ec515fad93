using Refrag.Engine.Jobs.Plans;

namespace Refrag.Engine.Tests.Jobs.Plans;

public sealed class PlaceholdersTests
{
    private static readonly Dictionary<string, string> Parameters = new() { ["codec"] = "mp4", ["empty"] = "" };

    [Fact]
    public void Fill_WholeArguments_AreReplaced() =>
        Assert.Equal(["-c", "mp4", ""], Placeholders.Fill(["-c", "Ref::codec", "Ref::empty"], Parameters));

    [Fact]
    public void Fill_UnknownOrPartOfAnArgument_Stays() =>
        Assert.Equal(["Ref::other", "x=Ref::codec", "Ref::"], Placeholders.Fill(["Ref::other", "x=Ref::codec", "Ref::"], Parameters));

    [Fact]
    public void Merge_SubmissionsParameters_WinOverTheDefinitions()
    {
        IReadOnlyDictionary<string,
            string> merged = Placeholders.Merge(Parameters, new Dictionary<string, string> { ["codec"] = "avi", ["new"] = "1" });
        Assert.Equal("avi", merged["codec"]);
        Assert.Equal("1", merged["new"]);
        Assert.Equal("mp4", Parameters["codec"]);
    }
}
