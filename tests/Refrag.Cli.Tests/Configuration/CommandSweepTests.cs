using Refrag.Cli.Configuration;

namespace Refrag.Cli.Tests.Configuration;

public sealed class CommandSweepTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public void Of_ArgumentsWithSeveralValues_AreAxesAndTheRestStaysAsTyped() => Assert.Equal(
        [
            "-- t.py lr=0.1 --seed=1 +new=x a,b out=${oc.env:HOME}/x 'y'",
            "-- t.py lr=0.1 --seed=2 +new=x a,b out=${oc.env:HOME}/x 'y'",
            "-- t.py lr=0.01 --seed=1 +new=x a,b out=${oc.env:HOME}/x 'y'",
            "-- t.py lr=0.01 --seed=2 +new=x a,b out=${oc.env:HOME}/x 'y'",
        ],
        Lines("--", "t.py", "lr=0.1,0.01", "--seed=1,2", "+new=x", "a,b", "out=${oc.env:HOME}/x", "'y'"));

    [Fact]
    public void Of_SameKeyOnBothSides_AreTwoAxes() => Assert.Equal(
        [
            "env.gpus=0 -- t.py env.gpus=a", "env.gpus=0 -- t.py env.gpus=b",
            "env.gpus=1 -- t.py env.gpus=a", "env.gpus=1 -- t.py env.gpus=b",
        ],
        Lines("env.gpus=0,1", "--", "t.py", "env.gpus=a,b"));

    [Theory]
    [InlineData("--data=s3://a,s3://b", "--data=s3://a", "--data=s3://b")]
    [InlineData("--msg=a b,c d", "--msg=a b", "--msg=c d")]
    [InlineData("--tag=1.10,1.20", "--tag=1.10", "--tag=1.20")]
    [InlineData("--f=true,false", "--f=true", "--f=false")]
    [InlineData("--n=1_0,2_0", "--n=1_0", "--n=2_0")]
    [InlineData("--n=1e3,null", "--n=1e3", "--n=null")]
    [InlineData("data=s3://a,s3://b", "data=s3://a", "data=s3://b")]
    [InlineData("f=true, false", "f=true", "f=false")]
    [InlineData("--q='a,b',\"it's\"", "--q=a,b", "--q=it's")]
    [InlineData(@"--q=a\,b,c", "--q=a,b", "--q=c")]
    [InlineData("--q=${a},b", "--q=${a}", "--q=b")]
    [InlineData("--l=[1.10,'x y'],[2]", "--l=[1.10,'x y']", "--l=[2]")]
    [InlineData("--d={a: 1.10,b:2},{}", "--d={a: 1.10,b:2}", "--d={}")]
    [InlineData("--c=choice(1.10,true)", "--c=1.10", "--c=true")]
    [InlineData("--c=zip(choice(1.10,2.0))", "--c=1.10", "--c=2.0")]
    [InlineData("--c=int(1.5),2.50", "--c=1", "--c=2.50")]
    [InlineData("--c=int(1.5,2.5)", "--c=1", "--c=2")]
    [InlineData("--r=range(0,2)", "--r=0", "--r=1")]
    public void Of_ValuesOfAProgramThatIsNotHydras_AreAsTyped(string word, params string[] jobs) =>
        Assert.Equal(jobs.Select(job => $"-- t.py {job}"), Lines("--", "t.py", word));

    [Fact]
    public void Of_ShuffledValues_AreAsTyped() =>
        Assert.Equal(
            ["-- t.py -x=1.10", "-- t.py -x=2.0", "-- t.py -x=3"],
            Lines("--", "t.py", "-x=shuffle(3,1.10,2.0)").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("data=s3://a,s3://b", @"data=s3\://a", @"data=s3\://b")]
    [InlineData("msg=a b,c d", @"msg=a\ b", @"msg=c\ d")]
    [InlineData("+f=true,'false'", "+f=True", "+f='false'")]
    [InlineData("--data=s3://a,s3://b", "--data=s3://a", "--data=s3://b")]
    [InlineData("-f=true,false", "-f=true", "-f=false")]
    public void Of_ValuesOfAHydraProgram_AreAsHydraWritesThemInOverridesAlone(string word, params string[] jobs)
    {
        File.WriteAllText(_program.Folder.At("t.py"), "@hydra.main(config_path=\"conf\", config_name=\"config\")\n");

        Assert.Equal(jobs.Select(job => $"-- python t.py {job}"), Lines("--", "python", "t.py", word));
        Assert.Equal(jobs.Select(job => $"-- python t.py {job}"), Lines(isUnchecked: true, "--", "python", "t.py", word));
    }

    [Fact]
    public void Of_NothingSwept_IsOneJob() => Assert.Equal(["-- t.py x"], Lines("--", "t.py", "x"));

    private IEnumerable<string> Lines(params string[] words) => Lines(isUnchecked: false, words);

    private IEnumerable<string> Lines(bool isUnchecked, params string[] words)
    {
        var job = JobWords.Of(words);
        JobSource source = JobSource.Of(_program.Context, [], "config", job).Value;
        if (isUnchecked) source = source with { Program = null };
        return CommandSweep.Of(source, job.Overrides, job.Command!).Value.Jobs().Select(one => string.Join(' ', one.Overrides));
    }
}
