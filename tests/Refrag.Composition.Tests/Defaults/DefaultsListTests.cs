using Refrag.Composition.Tests.Composing;

namespace Refrag.Composition.Tests.Defaults;

public sealed class DefaultsListTests
{
    [Theory]
    [InlineData("- db: nosuch", "RF1506", 2, 9)]
    [InlineData("- db/nosuch", "RF1504", 2, 5)]
    [InlineData("- nosuch: a", "RF1506", 2, 13)]
    [InlineData("- db: ???", "RF1507", 2, 9)]
    [InlineData("- db: ../../x", "RF1517", 2, 9)]
    [InlineData("- db\\x", "RF1517", 2, 5)]
    [InlineData("- override db: mysql", "RF1512", 2, 18)]
    [InlineData("- optioal db: mysql", "RF1502", 2, 5)]
    [InlineData("- optional override db: mysql", "RF1502", 2, 5)]
    [InlineData("- {db: mysql, optional: true}", "RF1502", 2, 5)]
    [InlineData("- db: 1", "RF1502", 2, 9)]
    [InlineData("- 1", "RF1502", 2, 5)]
    [InlineData("- _self_@x", "RF1521", 2, 5)]
    [InlineData("- db: ${nosuch}", "RF1515", 2, 9)]
    [InlineData("- db: ['${db}']", "RF1516", 2, 9)]
    public void Compose_WrongEntry_PointsAtTheEntry(string entry, string code, int line, int column)
    {
        var files = new Dictionary<string, string> { ["config.yaml"] = $"defaults:\n  {entry}\n", ["db/mysql.yaml"] = "port: 1\n" };

        var problem = Assert.Single(Files.Composer(files).Compose("config", []).Problems);

        Assert.Equal(code, problem.Code);
        Assert.Equal((line, column), problem.Place is FilePlace place ? (place.Line, place.Column) : default);
    }

    [Fact]
    public void ExpandDefaults_ShorthandWithSlashInTheDevelopmentReading_IsTheNestedGroup()
    {
        var files = new Dictionary<string, string>
        {
            ["config.yaml"] = "defaults:\n  - db: aws/mysql\n",
            ["db/aws/mysql.yaml"] = "defaults: [base]\n",
            ["db/aws/base.yaml"] = "port: 1\n",
        };

        var list = Files.Composer(files, new ComposerOptions { Reading = HydraReading.Development }).ExpandDefaults("config", []).Value;

        Assert.Equal([("db/aws/base", "db.aws"), ("db/aws/mysql", "db.aws"), ("config", "")],
            list.Items.Select(item => (item.ConfigPath, item.Package)));
        Assert.Equal("mysql", list.Choices["db/aws"]);
    }

    [Theory]
    [InlineData("~env=nosuch", "RF1514", 6)]
    [InlineData("~experiment", "RF1514", 2)]
    [InlineData("experiment=big", "RF1513", 1)]
    [InlineData("++env=local", "RF1520", 3)]
    [InlineData("env=null", "RF1519", 5)]
    [InlineData("+nosuch@p=x", "RF1605", 2)]
    public void Compose_WrongChoice_PointsAtTheArgument(string argument, string code, int column)
    {
        var problem = Files.Problem(argument);

        Assert.Equal(code, problem.Code);
        Assert.Equal(column, Assert.IsType<ArgumentPlace>(problem.Place).Column);
    }
}
