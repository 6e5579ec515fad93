using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Tests.Cases;

namespace Refrag.Scheduling.Tests.Deciding;

/// <summary>Environments whose maximum counts the vCPUs that jobs ask for: Amazon ECS Managed Instances.</summary>
public sealed class RequestCountingTests
{
    private static readonly Amount s_three = new(3000, 1024, 0);

    [Fact]
    public void Decide_WithMoreJobsThanTheMaximum_LaunchesForThoseAlone()
    {
        Cluster cluster = Make(most: 8, "m5.xlarge");
        for (int job = 0; job < 20; job++) cluster.AddJob(Worlds.Job($"j{job}", s_three), Worlds.Start);

        // Three vCPUs of an instance's four: one job each, two in all.
        Plan plan = cluster.Decide(Worlds.Start);
        Assert.Equal(2, plan.Launches.Count);
        Assert.Empty(cluster.Decide(Worlds.At(1)).Launches);

        foreach (Launch launch in plan.Launches) cluster.InstanceUp(launch.Instance, Worlds.At(2));
        Plan placed = cluster.Decide(Worlds.At(2));
        Assert.Equal(["j0", "j1"], placed.Placements.Select(one => one.JobId));
        Assert.Empty(placed.Launches);

        cluster.RemoveJob("j0", Worlds.At(3));
        Plan next = cluster.Decide(Worlds.At(3));
        Assert.Equal(["j2"], next.Placements.Select(one => one.JobId));
        Assert.Empty(next.Launches);
    }

    [Fact]
    public void Decide_OfAnInstanceLargerThanTheMaximum_RunsWhatWasAskedFor()
    {
        Cluster cluster = Make(most: 4, "m5.4xlarge");
        for (int job = 0; job < 3; job++) cluster.AddJob(Worlds.Job($"j{job}", new Amount(2000, 1024, 0)), Worlds.Start);
        Launch launch = Assert.Single(cluster.Decide(Worlds.Start).Launches);
        cluster.InstanceUp(launch.Instance, Worlds.At(1));

        // Sixteen vCPUs are there, and four may be given.
        Assert.Equal(["j0", "j1"], cluster.Decide(Worlds.At(1)).Placements.Select(one => one.JobId));
        cluster.InstanceDown(launch.Instance, Worlds.At(2));
        cluster.Requeue("j0", Worlds.At(2));
        cluster.Requeue("j1", Worlds.At(2));
        Assert.Single(cluster.Decide(Worlds.At(2)).Launches);
    }

    [Fact]
    public void Decide_WhereIdleInstancesStayForever_TerminatesNone()
    {
        Cluster cluster = Make(most: 4, "m5.large", TimeSpan.MaxValue);
        cluster.AddJob(Worlds.Job("j", new Amount(1000, 1024, 0)), Worlds.Start);
        Launch launch = Assert.Single(cluster.Decide(Worlds.Start).Launches);
        cluster.InstanceUp(launch.Instance, Worlds.At(1));
        Assert.Single(cluster.Decide(Worlds.At(1)).Placements);
        cluster.RemoveJob("j", Worlds.At(2));
        Assert.Empty(cluster.Decide(Worlds.At(1_000_000)).Terminations);
    }

    [Fact]
    public void Decide_AfterTheEndOfAJob_LaunchesForTheNextOne()
    {
        Cluster cluster = Make(4, TimeSpan.MaxValue, "m5.xlarge", "m5.2xlarge");
        cluster.Jobs(Worlds.Job("a", Amount.Of(4, 1024))).Ready();
        Assert.Equal("a@f", cluster.Starts(1));
        // There is no room below the maximum, and none for it on the instance.
        Assert.Empty(cluster.Jobs(Worlds.Job("b", Amount.Of(4, 24_576), at: 2)).Launches(2));
        Assert.Equal("1xm5.2xlarge@f", cluster.End("a", 3).Launches(3));
        Assert.Equal("b@f", cluster.Up(4).Starts(4));
    }

    // What was promised to jobs that went meanwhile is room for those of another queue as soon as the instance is up.
    [Fact]
    public void InstanceUp_WhoseJobsHaveGone_LaunchesForAnotherQueue()
    {
        Cluster cluster = Make(4, TimeSpan.MaxValue, "m5.xlarge", "m5.2xlarge").With(Worlds.Queue("other", "f"));
        cluster.Jobs(Worlds.Job("a", Amount.Of(4, 1024)));
        Assert.Equal("1xm5.xlarge@f", cluster.Launches());
        Assert.Empty(cluster.Jobs(Worlds.Job("b", Amount.Of(4, 24_576), "other", at: 1)).Launches(1));
        Assert.Empty(cluster.End("a", 2).Launches(2));
        Assert.Equal("1xm5.2xlarge@f", cluster.Up(3).Launches(3));
    }

    [Theory]
    [InlineData(null, 60, 61, "0 go, 1 stay")]
    [InlineData(null, 60, 62, "1 go, 0 stay")]
    [InlineData(300, null, 100_000, "0 go, 1 stay")]
    [InlineData(300, 10, 50, "1 go, 0 stay")]
    public void SetEnvironment_OfAnotherDelay_CountsForIdleInstances(int? before, int? after, int at, string expected)
    {
        Cluster cluster = Make(4, Delay(before), "m5.large");
        cluster.Jobs(Worlds.Job("a", new Amount(1000, 1024, 0))).Ready();
        Assert.Equal("a@f", cluster.Starts(1));
        Assert.Equal("0 go, 1 stay", cluster.End("a", 2).Terminates(40));
        Assert.Empty(cluster.SetEnvironment(cluster.EnvironmentModel("f") with { ScaleDownDelay = Delay(after) }));
        Assert.Equal(expected, cluster.Terminates(at));

        // Null for an instance that stays forever.
        static TimeSpan Delay(int? seconds) => seconds is { } some ? TimeSpan.FromSeconds(some) : TimeSpan.MaxValue;
    }

    // Such an environment takes no multi-node job, so it gathers nothing for one.
    [Fact]
    public void Decide_WithAMultiNodeJobAtTheHead_LetsIdleInstancesGoAtOnce()
    {
        Cluster cluster = Make(most: 4, "m5.large", TimeSpan.Zero);
        cluster.Jobs(Worlds.Job("a", new Amount(1000, 1024, 0))).Ready();
        Assert.Equal("a@f", cluster.Starts(1));
        cluster.Jobs(Worlds.Job("b", new Amount(1000, 1024, 0), at: 2, nodes: 2));
        Assert.Equal("1 go, 0 stay", cluster.End("a", 3).Terminates(3));
    }

    private static Cluster Make(int most, string type, TimeSpan? stay = null) => Make(most, stay, type);

    private static Cluster Make(int most, TimeSpan? stay, params string[] types) => Worlds.New(
        Worlds.Fleet("f", most, types) with { CountsRequests = true, ScaleDownDelay = stay }).With(Worlds.Queue("q", "f"));
}
