using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Tests.WhatIf;

public sealed class SizeSearchTests
{
    // Ten jobs at once of ten minutes each, on g5.xlarge with one GPU and 4 vCPUs.
    private static readonly string s_burst = "submit_s,run_s,gpus,vcpus,memory_mib\n"
        + string.Concat(Enumerable.Repeat("0,600,1,4,1024\n", 10));

    // A job waits for the start of an instance, and for the ends of the jobs before it: on five instances the last five wait for ten
    // minutes more.
    [Theory]
    [InlineData("gpu.wait.p99", "90s", 40)]
    [InlineData("gpu.wait.p99", "12m", 20)]
    [InlineData("gpu.wait.median", "90s", 20)]
    [InlineData("wait.p99", "2h", 4)]
    public void Find_OfATarget_IsTheSmallestMaximumThatMeetsIt(string figure, string target, int vCpus)
    {
        FoundSize found = Search(figure, target).Value;

        Assert.Equal(vCpus, found.VCpus);
        Assert.True(found.Result.Of(found.Figure)!.Value.Mean <= found.Target);
    }

    [Fact]
    public void Find_OfATargetThatNoMaximumReaches_SaysWhatIsReached()
    {
        Result<FoundSize> found = Search("gpu.wait.p90", "30s");

        Problem problem = Assert.Single(found.Problems);
        Assert.Equal(SizeSearch.OutOfReachCode, problem.Code);
        Assert.EndsWith("without a limit it is 1m30s", problem.What, StringComparison.Ordinal);
    }

    // Jobs of 16 vCPUs: with a smaller maximum they never run, which is soon over and costs nothing.
    [Theory]
    [InlineData("makespan", "20h")]
    [InlineData("cost", "100")]
    public void Find_OfWhatIsLowWhereNothingRuns_IsAMaximumAtWhichAllJobsRun(string figure, string target)
    {
        Figure wanted = Figure.Parse(figure).Value;
        var search = new SizeSearch(Setting.Parse("cpu.max_vcpus").Value, wanted, wanted.Read(target)!.Value);
        Workload jobs = Worlds.Trace("submit_s,run_s,vcpus,memory_mib\n0,600,16,512\n0,600,16,512\n0,600,16,512");
        World world = Worlds.Read("environments:\n  cpu: {types: [m5.large, m5.4xlarge], max_vcpus: 2}");

        FoundSize found = search.Find(Worlds.Of(jobs), world, TestContext.Current.CancellationToken).Value;

        Assert.Equal((16, 0), (found.VCpus, found.Result.NeverStarted));
    }

    private static Result<FoundSize> Search(string figure, string target)
    {
        Figure wanted = Figure.Parse(figure).Value;
        var search = new SizeSearch(Setting.Parse("gpu.max_vcpus").Value, wanted, wanted.Read(target)!.Value);
        return search.Find(Worlds.Of(Worlds.Trace(s_burst)), Worlds.Read(Worlds.Separate), TestContext.Current.CancellationToken);
    }
}
