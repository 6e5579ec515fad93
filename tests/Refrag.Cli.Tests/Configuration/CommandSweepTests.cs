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

    [Fact]
    public void Of_NothingSwept_IsOneJob() => Assert.Equal(["-- t.py x"], Lines("--", "t.py", "x"));

    private IEnumerable<string> Lines(params string[] words)
    {
        var job = JobWords.Of(words);
        JobSource source = JobSource.Of(_program.Context, [], "config", job).Value;
        return CommandSweep.Of(source, job.Overrides, job.Command!).Value.Jobs().Select(one => string.Join(' ', one.Overrides));
    }
}
