using Refrag.Composition.Search;

namespace Refrag.Composition.Tests.Search;

public sealed class SourceIndexTests : IDisposable
{
    private readonly TemporaryDirectory _conf = new();

    public void Dispose() => _conf.Dispose();

    [Theory]
    [InlineData("db", true)]
    [InlineData("db/engine", true)]
    [InlineData("db//engine", true)]
    [InlineData("./db", true)]
    [InlineData("DB", false)]
    [InlineData("db/mysql", false)]
    [InlineData("db/../db", true)]
    [InlineData("..", false)]
    [InlineData("db/..", true)]
    [InlineData("db/../..", false)]
    [InlineData("nosuch/engine", false)]
    public void HasGroup_NamesOfDirectories_OnlyThoseBelowTheRoot(string group, bool expected)
    {
        _conf.Write("db/mysql.yaml", "a: 1").Write("db/engine/innodb.yaml", "a: 1");

        Assert.Equal(expected, Index().HasGroup(group));
    }

    [Theory]
    [InlineData("db/mysql", true)]
    [InlineData("db/mysql.yaml", true)]
    [InlineData("db/MySQL", false)]
    [InlineData("db/abc.cde", true)]
    [InlineData("db", false)]
    [InlineData("db/", false)]
    [InlineData("../outside", false)]
    [InlineData("db/../../outside", false)]
    [InlineData("db/mysql\0", false)]
    public void HasConfig_NamesOfFiles_OnlyThoseBelowTheRoot(string path, bool expected)
    {
        _conf.Write("outside.yaml", "a: 1").Write("conf/db/mysql.yaml", "a: 1").Write("conf/db/abc.cde.yaml", "a: 1");

        Assert.Equal(expected, Index("conf").HasConfig(path));
    }

    [Fact]
    public void HasConfig_AbsolutePathOfAFile_IsNotFollowed()
    {
        _conf.Write("conf/db/mysql.yaml", "a: 1").Write("secret.yaml", "a: 1");

        Assert.False(Index("conf").HasConfig(Path.Combine(_conf.Path, "secret")));
    }

    [Fact]
    public void Load_LinkToOutside_IsRefusedByName()
    {
        _conf.Write("secret.yaml", "password: x").Write("conf/db/mysql.yaml", "a: 1");
        File.CreateSymbolicLink(Path.Combine(_conf.Path, "conf/db/stolen.yaml"), Path.Combine(_conf.Path, "secret.yaml"));
        Directory.CreateSymbolicLink(Path.Combine(_conf.Path, "conf/all"), _conf.Path);

        var index = Index("conf");

        Assert.Equal("RF1453", Assert.Single(index.Load("db/stolen")!.Problems).Code);
        Assert.False(index.HasGroup("all"));
        Assert.Null(index.Load("all/secret"));
        Assert.Equal(["mysql"], index.Options("db"));
    }

    [Fact]
    public void Load_LinkWithinTheRoot_IsFollowed()
    {
        _conf.Write("db/mysql.yaml", "a: 1");
        Directory.CreateSymbolicLink(Path.Combine(_conf.Path, "backup"), Path.Combine(_conf.Path, "db"));
        File.CreateSymbolicLink(Path.Combine(_conf.Path, "db/default.yaml"), Path.Combine(_conf.Path, "db/mysql.yaml"));

        var index = Index();

        Assert.True(index.HasGroup("backup"));
        Assert.Empty(index.Load("backup/mysql")!.Problems);
        Assert.Equal(["default", "mysql"], index.Options("db").Order());
    }

    [Fact]
    public void Options_OfAGroup_AreItsYamlFilesWithoutSchemas()
    {
        _conf.Write("db/mysql.yaml", "")
            .Write("db/notes.txt", "").Write("db/_schema.yaml", "").Write("db/_schema/mysql.yaml", "").Write("db/engine/x.yaml", "");

        var index = Index();

        Assert.Equal(["mysql"], index.Options("db"));
        Assert.Equal(["engine"], index.Groups("db"));
    }

    private SourceIndex Index(string below = "") => new(SearchPath.FromDirectory(Path.Combine(_conf.Path, below)).Sources[0]);
}
