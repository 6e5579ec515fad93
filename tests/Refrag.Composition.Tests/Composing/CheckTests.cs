namespace Refrag.Composition.Tests.Composing;

/// <summary>What <c>Check()</c> finds before anything runs.</summary>
public sealed class CheckTests
{
    private const string Files = """
        == config
        defaults:
          - db: mysql
        a: ???
        b: ${absent}
        c: {x: 1}
        == db/mysql
        prot: 1
        == db/_schema
        keys: {port: int, host: string}
        """;

    [Theory]
    [InlineData("", "RF1620 RF1301 RF1658")]
    [InlineData("a=1", "RF1301 RF1658")]
    [InlineData("a=1 b=2 ~db", "")]
    [InlineData("a=1 b=2 a=3 ~db", "RF1622")]
    [InlineData("a=1 b=2 c.x=2 c=replace({}) ~db", "RF1622")]
    [InlineData("a=1 b=2 c.x=2 c={x:3} ~db", "")]
    [InlineData("a=1 b=2 db=mysql db=mysql +db.port=1 +db.host=x", "RF1622")]
    [InlineData("a=1 b=2 +db.port=1", "")]
    public void Check_Composition_FindsAll(string overrides, string codes)
    {
        var composition = new Composer(SearchPath.FromMemory(Tree.Files(Files)), new ComposerOptions { Environment = _ => null })
            .Compose("config", overrides.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Value;
        Assert.Equal(codes, string.Join(' ', composition.Check().Select(problem => problem.Code)));
    }
}
