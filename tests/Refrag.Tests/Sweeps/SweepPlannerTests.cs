using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Sweeps;
using Refrag.Targeting;

namespace Refrag.Tests.Sweeps;

public sealed class SweepPlannerTests
{
    private int _ids;

    [Fact]
    public void Plan_TenThousandEqualJobs_IsOneArray()
    {
        SweepPlanner planner = Planner([100, 100], job => Specs.Command("train", "--lr", $"{job / 100}", "--seed", $"{job % 100}"));

        SweepLaunch launch = Assert.Single(planner.Plan([.. Enumerable.Range(0, 10_000)]).Value);

        Assert.True(launch.IsArray);
        Assert.Equal((10_000, "0-9999"), (launch.Plan.Submit.ArrayProperties!.Size, launch.Jobs.ToString()));
        Assert.Equal(["exec", "--array"], launch.Plan.Submit.ContainerOverrides!.Command!.Take(2));
    }

    [Fact]
    public void Plan_MoreThanAnArrayHolds_IsSplit()
    {
        SweepPlanner planner = Planner([10_003], job => Specs.Command("train", $"{job}"));

        IReadOnlyList<SweepLaunch> launches = planner.Plan([.. Enumerable.Range(0, 10_003)]).Value;

        Assert.Equal(["0-9999", "10000-10002"], launches.Select(l => l.Jobs.ToString()));
        Assert.Equal(2, launches.Select(l => l.Plan.Id).Distinct().Count());
    }

    [Fact]
    public void Plan_OneJob_IsAPlainJobThatKnowsItsPlace()
    {
        SweepLaunch launch = Assert.Single(Planner([3], job => Specs.Command("train", $"{job}")).Plan([2]).Value);

        Assert.False(launch.IsArray);
        Assert.Null(launch.Plan.Submit.ArrayProperties);
        Assert.Equal(["exec", "--", "train", "2"], launch.Plan.Submit.ContainerOverrides!.Command);
        Assert.Equal(["REFRAG_SWEEP_INDEX=2"], launch.Plan.Submit.ContainerOverrides.Environment!.Select(v => $"{v.Name}={v.Value}"));
    }

    [Fact]
    public void Plan_DifferentRequirements_AreGroupedByEqualJobs()
    {
        SweepPlanner planner =
            Planner([2, 3],
                job => Specs.Command("train", $"{job}") with { Requirements = new(new Gpus(job % 3 == 2 ? 1 : 0), null, null) });

        IReadOnlyList<SweepLaunch> launches = planner.Plan([.. Enumerable.Range(0, 6)]).Value;

        Assert.Equal(["0,1,3,4", "2,5"], launches.Select(l => string.Join(',', l.Jobs.Indices())));
        Assert.Equal(["GPU=1"], launches[1].Plan.Submit.ContainerOverrides!.ResourceRequirements!.Select(r => $"{r.Type}={r.Value}"));
    }

    [Fact]
    public void Plan_MultiNodeAndArrayJobs_StandAlone()
    {
        Assert.Equal(2, Planner([2], job => Specs.Command($"{job}") with { Nodes = 2 }).Plan([0, 1]).Value.Count);
        Assert.Equal(2,
            Planner([2], job => Specs.Command($"{job}") with { ArraySize = 5 })
                .Plan([0, 1]).Value.Count(l => !l.IsArray && l.Plan.Submit.ArrayProperties!.Size == 5));
    }

    [Fact]
    public void Plan_JobsThatHaveLostTheirHosts_GoTogetherToTheOnDemandQueue()
    {
        CapacityChoice capacity = new() { Spot = SpotUse.First, OnDemand = new("on-demand", null), Claims = "s3://bucket/claims" };
        SweepPlanner planner = Planner([6], job => Specs.Command("train", $"{job}") with { Capacity = capacity });

        IReadOnlyList<SweepLaunch> launches = planner.Plan([1, 2, 4, 5], new HashSet<int> { 2, 5 }).Value;

        Assert.Equal([("q", "1,4", false), ("on-demand", "2,5", true)],
            launches.Select(launch => (launch.Plan.Submit.JobQueue, launch.Jobs.ToString(), launch.IsOnDemand)));
        // No host but the sweep moves them.
        Assert.All(launches, launch => Assert.False(launch.Plan.Submit.Tags!.ContainsKey("refrag:claims")));
        Assert.All(launches, launch => Assert.True(launch.Plan.Submit.Tags!.ContainsKey("refrag:on-demand-queue")));
    }

    [Fact]
    public void Plan_LongTable_IsCompressed()
    {
        SweepPlanner planner =
            Planner([600], job => Specs.Command("train", "--config", $"configuration/of/experiment/number/{job * job % 997}.yaml"));

        SweepLaunch launch = Assert.Single(planner.Plan([.. Enumerable.Range(0, 600)]).Value);

        Assert.StartsWith("br:", launch.Plan.Submit.ContainerOverrides!.Command![2], StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_TableThatFitsNowhere_IsSplitUntilItDoes()
    {
        var random = new Random(1);
        string[] noise = [.. Enumerable.Range(0, 1000)
            .Select(_ => Convert.ToHexString(Enumerable.Range(0, 16).Select(_ => (byte)random.Next(256)).ToArray()))];
        SweepPlanner planner = Planner([1000], job => Specs.Command("train", noise[job]));

        IReadOnlyList<SweepLaunch> launches = planner.Plan([.. Enumerable.Range(0, 1000)]).Value;

        Assert.InRange(launches.Count, 2, 16);
        Assert.Equal(Enumerable.Range(0, 1000), launches.SelectMany(l => l.Jobs.Indices()));
        Assert.All(launches, l => Assert.InRange(OverrideSize.Bytes(l.Plan.Submit.ContainerOverrides!), 1, 8192));
    }

    // Noise, or compression would make room for it.
    [Fact]
    public void Plan_JobThatFitsNowhere_IsAProblem()
    {
        byte[] noise = new byte[10_000];
        new Random(1).NextBytes(noise);

        Result<IReadOnlyList<SweepLaunch>> planned = Planner([2], job => Specs.Command("train", Convert.ToHexString(noise) + job))
            .Plan([0, 1]);

        Assert.Contains("RF2021", planned.Problems.Select(p => p.Code));
    }

    [Fact]
    public void Plan_ShellEntryPoint_PutsTheTableIntoShell()
    {
        SweepPlanner planner = Planner([3], job => Specs.Command("python", "train.py", $"{job}") with { EntryPoint = EntryPoint.Shell });

        IReadOnlyList<string> command = Assert.Single(planner.Plan([0, 1, 2]).Value).Plan.Submit.ContainerOverrides!.Command!;

        Assert.Equal(["sh", "-c"], command.Take(2));
        Assert.Contains("AWS_BATCH_JOB_ARRAY_INDEX", command[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Add_ClassAppWithShellEntryPoint_IsRefused() =>
        Assert.Equal("RF2020",
            Assert.Single(
                new SweepPlanner([1], Submitter).Add(
                    0, Specs.Command() with { App = new ClassApp("a", "a", "{}"), EntryPoint = EntryPoint.Shell }, s_target)).Code);

    private static readonly Target s_target = new("q", "d", "because");

    private Submitter Submitter() => new("ada", new SubmissionId($"id-{_ids++}"));

    private SweepPlanner Planner(int[] shape, Func<int, JobSpec> spec)
    {
        var planner = new SweepPlanner(shape, Submitter);
        for (int job = 0; job < shape.Aggregate(1, (all, length) => all * length); job++) Assert.Empty(
            planner.Add(job, spec(job), s_target));
        return planner;
    }
}
