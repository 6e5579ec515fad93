using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Explaining;
using Refrag.Scheduling.Queues;
using Refrag.Scheduling.Simulation;
using Refrag.Scheduling.Tests.Cases;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Explaining;

public sealed class ForecastTests
{
    private static readonly Amount s_one = Amount.Of(1, 1024);

    [Fact]
    public void ForecastStart_TimeoutsAndNoHistory_LiesWithinThem()
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one)
            .Jobs(Job("a", s_one) with { Timeout = TimeSpan.FromHours(1) }, Job("b", s_one, at: 1) with { Timeout = TimeSpan.FromHours(1) },
            Job("j", s_one, at: 2));
        cluster.Decide(At(0));
        StartForecast expected = cluster.ForecastStart("j", At(600))!;
        // The first ends between now and its limit, the second up to an hour after that.
        Assert.InRange(expected.Earliest, At(600), At(4000));
        Assert.InRange(expected.Latest!.Value, At(4000), At(7200));
        Assert.InRange(expected.Middle!.Value, expected.Earliest, expected.Latest.Value);
    }

    [Fact]
    public void ForecastStart_JobsThatLastedAlike_IsNarrow()
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one);
        Past(cluster, [.. Enumerable.Repeat(100.0, 60)]);
        cluster.Jobs(Job("b", s_one, at: 10_000));
        cluster.Decide(At(10_000));
        cluster.Jobs(Job("j", s_one, at: 10_001));
        StartForecast expected = cluster.ForecastStart("j", At(10_050))!;
        Assert.Equal(At(10_100), expected.Middle);
        Assert.InRange(expected.Latest!.Value - expected.Earliest, TimeSpan.Zero, TimeSpan.FromSeconds(150));
    }

    [Fact]
    public void ForecastStart_NeitherTimeoutNorHistory_HasNoLatest()
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one).Jobs(Job("a", s_one), Job("j", s_one, at: 1));
        cluster.Decide(At(2));
        StartForecast expected = cluster.ForecastStart("j", At(3))!;
        Assert.Equal((At(3), null), (expected.Earliest, expected.Latest));
        Assert.Contains(expected.Assumptions, one => one.Contains("neither a timeout", StringComparison.Ordinal));
    }

    // A job that has outlived all like it does not end at once.
    [Fact]
    public void ForecastStart_JobThatOutlivedItsKind_ExpectsItToGoOn()
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one);
        Past(cluster, [.. Enumerable.Repeat(100.0, 20)]);
        cluster.Jobs(Job("b", s_one, at: 10_000));
        cluster.Decide(At(10_000));
        cluster.Jobs(Job("j", s_one, at: 10_001));
        StartForecast expected = cluster.ForecastStart("j", At(13_600))!;
        Assert.True(expected.Middle > At(13_600 + 900), $"{expected.Middle}");
        Assert.True(expected.Latest > At(13_600 + 7_200), $"{expected.Latest}");
    }

    [Fact]
    public void ForecastStart_InstanceThatStarts_ExpectsWhatIsLeftOfItsStart()
    {
        Cluster cluster = New(Fleet("ce", 64, "m5.large")).With(Queue("q", "ce")).Jobs(Job("j", s_one));
        Plan plan = cluster.Decide(At(0));
        Assert.Single(plan.Launches);
        // Nothing is known: from 45 to 180 seconds.
        StartForecast unknown = cluster.ForecastStart("j", At(30))!;
        Assert.InRange(unknown.Earliest, At(45), At(80));
        Assert.InRange(unknown.Latest!.Value, At(120), At(180));

        // Instances took 90 seconds: this one has 30 left.
        for (int i = 0; i < 63; i++) cluster.Observations.StartUps.Add(90_000);
        StartForecast known = cluster.ForecastStart("j", At(60))!;
        Assert.Equal(At(90), known.Middle);
    }

    [Fact]
    public void ForecastStart_FairShare_CountsOnJobsThatComeLater()
    {
        // A share that is used little submits one of five jobs; the other share's job waits for those that come meanwhile.
        StartForecast Ask(bool others)
        {
            Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce") with { FairShare = new FairSharePolicy() }).Host(s_one);
            double now = 0;
            for (int i = 0; i < 50; i++)
            {
                cluster.Jobs(Job($"past{i}", s_one, share: others && i % 5 == 0 ? "light" : "heavy", at: now));
                cluster.Decide(At(now));
                cluster.End($"past{i}", now += 60);
            }
            cluster.Jobs(Job("runs", s_one, share: "heavy", at: now), Job("j", s_one, share: "heavy", at: now + 1));
            cluster.Decide(At(now + 1));
            StartForecast expected = cluster.ForecastStart("j", At(now + 2))!;
            return expected with { Earliest = Start + (expected.Earliest - At(now)), Latest = Start + (expected.Latest - At(now)) };
        }

        Assert.True(Ask(others: true).Latest > Ask(others: false).Latest);
    }

    // Any distribution will do, as long as past and future are alike; here lengths that vary by a factor of a hundred.
    [Fact]
    public void ForecastStart_ManyTimes_HoldsAsOftenAsItSays()
    {
        var chance = new Chance(7);
        int within = 0;
        const int Times = 300;
        for (int time = 0; time < Times; time++)
        {
            double Length() => 10 * Math.Exp(4.6 * chance.Part());
            Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one);
            Past(cluster, [.. Enumerable.Range(0, 30).Select(_ => Length())]);
            const double Now = 100_000;
            double length;
            double age = 20;
            do length = Length();
            while (length <= age);
            cluster.Jobs(Job($"runs{time}", s_one, at: Now - age));
            cluster.Decide(At(Now - age));
            double second = Length();
            cluster.Jobs(Job($"next{time}", s_one, at: Now - 1), Job($"j{time}", s_one, at: Now));
            StartForecast expected = cluster.ForecastStart($"j{time}", At(Now))!;
            DateTimeOffset start = At(Now - age + length + second);
            if (expected.Earliest <= start && start <= expected.Latest) within++;
        }
        // 90 of 100; three standard deviations of a count of 300 are 5 of 100.
        Assert.InRange(within, (int)(Times * 0.85), (int)(Times * 0.95));
    }

    // The core counts whole milliseconds, and an idle instance of the copy is considered in five minutes.
    [Fact]
    public void ForecastStart_WithinAMillisecond_HasAnAnswer()
    {
        Cluster cluster = New(Fleet("ce", 2, "m5.large")).With(Queue("q", "ce")).Jobs(Job("a", Amount.Of(2, 1024)) with
        {
            Timeout = TimeSpan.FromHours(2),
        });
        cluster.Decide(At(0));
        cluster.Up(90).Jobs(Job("j", Amount.Of(2, 1024), at: 91));
        cluster.Decide(At(91));
        DateTimeOffset asked = At(92).AddTicks(5_000);
        Assert.InRange(cluster.ForecastStart("j", asked)!.Latest!.Value, At(400), At(7_400));
    }

    // What is not known of a kind is not known of all its jobs together: the interval of a long line is not narrower than its truth.
    [Fact]
    public void ForecastStart_LongLine_HoldsToo()
    {
        var chance = new Chance(11);
        int within = 0;
        const int Times = 60;
        for (int time = 0; time < Times; time++)
        {
            double Length() => 10 * Math.Exp(3 * chance.Part());
            Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one);
            Past(cluster, [.. Enumerable.Range(0, 20).Select(_ => Length())]);
            const double Now = 100_000;
            double ahead = 0;
            for (int i = 0; i < 100; i++)
            {
                cluster.Jobs(Job($"ahead{time}.{i}", s_one, at: Now));
                ahead += Length();
            }
            cluster.Jobs(Job($"j{time}", s_one, at: Now));
            cluster.Decide(At(Now));
            StartForecast expected = cluster.ForecastStart($"j{time}", At(Now))!;
            if (expected.Earliest <= At(Now + ahead) && At(Now + ahead) <= expected.Latest) within++;
        }
        // 90 of 100; three standard deviations of a count of 60 are 12 of 100.
        Assert.InRange(within, (int)(Times * 0.78), Times);
    }

    [Fact]
    public void ForecastStart_AskedTwice_IsTheSame()
    {
        Cluster cluster = New(Hosts("ce")).With(Queue("q", "ce")).Host(s_one);
        Past(cluster, [10, 20, 40, 80]);
        cluster.Jobs(Job("a", s_one, at: 10_000), Job("j", s_one, at: 10_001));
        cluster.Decide(At(10_001));
        StartForecast first = cluster.ForecastStart("j", At(10_005))!;
        StartForecast second = cluster.ForecastStart("j", At(10_005))!;
        Assert.Equal((first.Earliest, first.Middle, first.Latest), (second.Earliest, second.Middle, second.Latest));
    }

    // Jobs that ran one after the other, with these lengths in seconds.
    private static void Past(Cluster cluster, double[] lengths)
    {
        double now = 0;
        for (int i = 0; i < lengths.Length; i++)
        {
            cluster.Jobs(Job($"past{i}", s_one, at: now));
            cluster.Decide(At(now));
            cluster.End($"past{i}", now += lengths[i]);
        }
        Assert.Equal(0, cluster.Jobs);
    }
}
