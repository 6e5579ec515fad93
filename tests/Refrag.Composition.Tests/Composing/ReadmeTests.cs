using Refrag.Composition.Yaml;

namespace Refrag.Composition.Tests.Composing;

/// <summary>The example of the package's README, word for word, with the output that it shows.</summary>
public sealed class ReadmeTests
{
    [Fact]
    public void Readme_Example_GivesWhatItShows()
    {
        var files = new Dictionary<string, string>
        {
            ["config.yaml"] = "defaults:\n  - db: mysql\nout: runs/${db.name}\n",
            ["db/mysql.yaml"] = "name: mysql\nport: 3306\n",
            ["db/postgresql.yaml"] = "name: postgresql\nport: 5432\n",
        };
        var composer = new Composer(SearchPath.FromMemory(files));
        Assert.True(composer.Compose("config", ["db=postgresql", "db.port=6000"]).TryGet(out var composition, out _));
        Assert.Equal("db:\n  name: postgresql\n  port: 6000\nout: runs/postgresql\n", ConfigYamlWriter.Write(composition.Resolve().Value));
    }
}
