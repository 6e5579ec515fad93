namespace Refrag.Apps.Tests;

public sealed class AppConfigReaderTests
{
    private const string Good = """{"text":"a","number":1.5,"whole":3,"flag":true,"word":"b","wait":2.5,"nothing":null}""";

    [Fact]
    public void Read_RightTypes_GivesValues()
    {
        AppConfigReader read = AppConfig.Parse(Good).Value.Read();

        Assert.Equal("a", read.Text("text"));
        Assert.Equal("3", read.Text("whole"));
        Assert.Equal(1.5, read.Number("number"));
        Assert.Equal(3.0, read.Number("whole"));
        Assert.Equal(3, read.Integer("whole", min: 3, max: 3));
        Assert.True(read.Flag("flag"));
        Assert.Equal("b", read.Choice("word", "a", "b"));
        Assert.Equal(TimeSpan.FromSeconds(2.5), read.Seconds("wait", TimeSpan.Zero, TimeSpan.FromHours(1)));
        Assert.Empty(read.Problems);
    }

    [Fact]
    public void Read_AbsentOrNull_GivesDefaults()
    {
        AppConfigReader read = AppConfig.Parse(Good).Value.Read();

        Assert.Equal("x", read.Text("nothing", "x"));
        Assert.Equal(7, read.Integer("absent", 7));
        Assert.Equal(0.1, read.Number("absent", 0.1));
        Assert.True(read.Flag("absent", fallback: true));
        Assert.Equal("a", read.Choice("absent", "a", "b"));
        Assert.Empty(read.Problems);
    }

    [Fact]
    public void Read_ManyMistakes_ReportsAllOfThem()
    {
        AppConfigReader read = AppConfig.Parse("""{"a":[1],"b":2.5,"c":"x","d":1,"e":"bb","f":-1,"g":1e999,"h":"long"}""").Value.Read();

        read.Text("a", "");
        read.Integer("b", 0);
        read.Number("c", 0);
        read.Flag("d", fallback: false);
        read.Choice("e", "a", "b");
        read.Seconds("f", TimeSpan.Zero, TimeSpan.MaxValue);
        read.Number("g", 0);
        read.Text("h", "", longest: 3);
        read.Integer("needed");

        Assert.Equal("RF7002 RF7002 RF7002 RF7002 RF7002 RF7002 RF7002 RF7002 RF7003",
            string.Join(' ', read.Problems.Select(problem => problem.Code)));
        Assert.Equal(new ArgumentPlace("b=2.5", 3, 3), read.Problems[1].Place);
    }

    [Theory]
    [InlineData("""{"n":0}""")]
    [InlineData("""{"n":11}""")]
    [InlineData("""{"n":10.0}""")]
    [InlineData("""{"n":99999999999999999999}""")]
    [InlineData("""{"n":"5"}""")]
    public void Integer_OutsideBoundsOrNotWhole_SaysTheBounds(string json)
    {
        AppConfigReader read = AppConfig.Parse(json).Value.Read();

        Assert.Equal(5, read.Integer("n", 5, 1, 10));
        Assert.Equal("n must be a whole number from 1 to 10", Assert.Single(read.Problems).What);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("")]
    public void Parse_NoObject_IsProblem(string json) => Assert.Equal("RF7005", Assert.Single(AppConfig.Parse(json).Problems).Code);
}
