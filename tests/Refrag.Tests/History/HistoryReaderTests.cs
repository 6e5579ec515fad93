using Microsoft.Extensions.Time.Testing;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Fitting;

namespace Refrag.Tests.History;

/// <summary>The figures are counted by hand from the samples beside them.</summary>
public sealed class HistoryReaderTests : IDisposable
{
    private static readonly JobPlace s_place = new(JobPlace.Aws, "123456789012", "us-east-1");
    private static readonly DateTimeOffset s_start = FakeAccount.Now;

    private readonly TemporaryFolder _folder = new();
    private readonly List<Problem> _problems = [];
    private readonly FakeTimeProvider _time = new(s_start);
    private readonly HistoryStore _store;
    private readonly HistoryReader _reader;

    public HistoryReaderTests()
    {
        _store = HistoryStore.Open(Path.Combine(_folder.Path, "history.db"), _time, _problems.Add);
        _reader = new HistoryReader(_store);
    }

    private static HistorySpan Hour => new(s_start, s_start.AddHours(1));

    [Fact]
    public void QueueDepth_OfTwoParts_HasMeansAndMostOfEach()
    {
        Put(0, Queue("a", 2) with { OldestWaiting = s_start.AddMinutes(-5) });
        Put(10, Queue("a", 4), Queue("b", 1));
        Put(30, Queue("a", 8) with { IsCut = true });
        // Not of the span.
        Put(60, Queue("a", 100));

        IReadOnlyList<QueueDepthPoint> points = _reader.QueueDepth(s_place, Hour, points: 2);

        Assert.Equal([("a", 0.0, 2), ("b", 0.0, 1), ("a", 30.0, 1)], points.Select(one => (one.Queue, Minutes(one.At), one.Samples)));
        Assert.Equal([3, 1, 8], points.Select(one => one.Mean.Runnable));
        Assert.Equal([4, 1, 8], points.Select(one => one.Most.Runnable));
        Assert.Equal([TimeSpan.FromMinutes(5), null, null], points.Select(one => one.LongestWait));
        Assert.Equal([false, false, true], points.Select(one => one.IsCut));
        HistorySpan next = new(s_start.AddHours(1), s_start.AddHours(2));
        Assert.Equal((0, 0, 100, 4, 5), Parts(Assert.Single(_reader.QueueDepth(s_place, next)).Mean));
        Assert.Empty(_reader.QueueDepth(s_place with { Region = "eu-west-1" }, Hour));
        Assert.Equal(["b"], _reader.QueueDepth(s_place, Hour, queue: "b").Select(one => one.Queue));
    }

    [Fact]
    public void QueueDepth_OfManyHours_HasNoMorePointsThanAreAskedFor()
    {
        for (int hour = 0; hour < 200; hour++) Put(60 * hour, Queue("a", hour));

        IReadOnlyList<QueueDepthPoint> points = _reader.QueueDepth(s_place, new HistorySpan(s_start, s_start.AddHours(200)), points: 10);

        Assert.Equal(10, points.Count);
        Assert.All(points, one => Assert.Equal(20, one.Samples));
        // 0 + 1 + … + 19 over 20.
        Assert.Equal(9.5, points[0].Mean.Runnable);
        Assert.Equal(199, points[^1].Most.Runnable);
    }

    [Fact]
    public void Put_SecondSampleWithinSeconds_IsLeftOutUnlessItKnowsTheInstances()
    {
        FleetSample seen = new("spot", "SPOT", "ENABLED") { DesiredVCpus = 4, MaxVCpus = 16 };
        Put(0, Queue("a", 1));
        Put(0.5, Queue("a", 9), Queue("b", 2));
        _store.Put(s_place, new PlaceSample { At = s_start, Fleets = [seen] });
        _store.Put(s_place, new PlaceSample { At = s_start.AddSeconds(10), Fleets = [seen with { DesiredVCpus = 8 }] });
        FleetUse hosts = new() { VCpus = 4, BusyVCpus = 3, Instances = [new InstanceCount("m6i.xlarge", "us-east-1a", "spot", 1)] };
        for (int second = 20; second < 40; second += 10)
            _store.Put(s_place, new PlaceSample { At = s_start.AddSeconds(second), Fleets = [seen with { Hosts = hosts }] });

        Assert.Equal([("a", 1), ("b", 2)], _reader.QueueSamples(s_place, Hour).Select(one => (one.Sample.Queue, one.Sample.Runnable)));
        IReadOnlyList<SeenFleet> fleets = _reader.FleetSamples(s_place, Hour);
        Assert.Equal([0, 20], fleets.Select(one => (one.At - s_start).TotalSeconds));
        Assert.Null(fleets[0].Sample.Hosts);
        Assert.Equal(hosts.Instances, fleets[1].Sample.Hosts!.Instances);
    }

    [Fact]
    public void Fleet_OfOnePart_IsTheMeanOfWhatWasKnown()
    {
        FleetSample seen = new("spot", "SPOT", "ENABLED") { MinVCpus = 0, DesiredVCpus = 4, MaxVCpus = 16 };
        _store.Put(s_place, new PlaceSample { At = s_start, Fleets = [seen] });
        _store.Put(s_place, new PlaceSample
        {
            At = s_start.AddMinutes(10),
            Fleets = [seen with { DesiredVCpus = 8, Hosts = Hosts(8, 2, ("m6i.xlarge", "us-east-1a", 2)) }],
        });
        _store.Put(s_place, new PlaceSample
        {
            At = s_start.AddMinutes(20),
            Fleets =
            [
                seen with { DesiredVCpus = 12, Hosts = Hosts(12, 10, ("m6i.xlarge", "us-east-1a", 1), ("m6i.2xlarge", "us-east-1b", 1)) },
            ],
        });

        FleetPoint point = Assert.Single(_reader.Fleet(s_place, Hour, points: 1));

        Assert.Equal((3, 8.0, 16.0, 0.0), (point.Samples, point.DesiredVCpus, point.MaxVCpus, point.MinVCpus));
        // Two of the three samples know the instances.
        Assert.Equal((10.0, 6.0, 2.0, 0.0), (point.VCpus, point.BusyVCpus, point.Instances, point.BusyGpus));
        Assert.Equal([("m6i.2xlarge", 0.5), ("m6i.xlarge", 1.5)],
            _reader.Instances(s_place, Hour, points: 1).Select(one => (one.Type, one.Mean)));
    }

    [Fact]
    public void Prices_ThatStayTheSame_AreKeptOnceAnHour()
    {
        for (int minute = 0; minute < 120; minute += 20)
            _store.Put(s_place, new PlaceSample
            {
                At = s_start.AddMinutes(minute),
                Prices = [new PriceSample("m6i.xlarge", "us-east-1a", "spot", minute < 100 ? 0.07m : 0.08m)],
            });

        Assert.Equal([(0.0, 0.07m), (60.0, 0.07m), (100.0, 0.08m)],
            _reader.Prices(s_place, new HistorySpan(s_start, s_start.AddDays(1))).Select(one => (Minutes(one.At), one.Price.Usd)));
        Assert.Empty(_reader.Prices(s_place, Hour, "c6i.large"));
    }

    // Submitted at 0, 10, 20 … minutes, each ended 15 minutes later; the last has not ended and was seen at 60.
    [Fact]
    public void Jobs_OfASpan_AreThoseThatLivedInItPageByPage()
    {
        RecordedJob[] jobs = [.. Enumerable.Range(0, 5).Select(i => Job($"{i}", 10 * i, i < 4 ? (10 * i) + 15 : null))];
        _store.Put(s_place, jobs);
        HistorySpan span = new(s_start.AddMinutes(20), s_start.AddMinutes(40));

        IReadOnlyList<RecordedJob> all = _reader.Jobs(s_place, span);
        IReadOnlyList<RecordedJob> first = _reader.Jobs(s_place, span, most: 2);
        IReadOnlyList<RecordedJob> second = _reader.Jobs(s_place, span, most: 2, after: first[^1]);

        // 0 ended at 15; 4 was submitted at 40.
        Assert.Equal(["1", "2", "3"], all.Select(job => job.Id));
        Assert.Equal(["1", "2"], first.Select(job => job.Id));
        Assert.Equal(["3"], second.Select(job => job.Id));
        Assert.Single(all[0].Attempts);
        Assert.Empty(_reader.Jobs(s_place, span, queue: "other"));
        Assert.Equal(["4"], _reader.Jobs(s_place, new HistorySpan(s_start.AddMinutes(56), s_start.AddDays(1))).Select(job => job.Id));
    }

    [Fact]
    public void Contents_WithAGap_SaysHowLongNothingWasSeen()
    {
        foreach (int minute in new[] { 0, 10, 20, 50, 60, 180 }) Put(minute, Queue("a", 1));
        _store.Put(s_place, [Job("a", 0, 5)]);

        PlaceContents contents = Assert.Single(_reader.Contents());

        Assert.Equal((1, 1, 6), (contents.Jobs, contents.Attempts, contents.QueueSamples));
        Assert.Equal((s_start, s_start.AddMinutes(180)), (contents.FirstSample, contents.NewestSample));
        // From 20 to 50 and from 60 to 180.
        Assert.Equal((2, 150.0, 120.0), (contents.Gaps, contents.GapTime.TotalMinutes, contents.LongestGap.TotalMinutes));
        Assert.Empty(_problems);
    }

    [Fact]
    public void Put_ListedJobs_ChangesOnlyWhatTheListKnows()
    {
        RecordedJob running = Job("a", 0, null);
        _store.Put(s_place, [running, Job("lost", 0, null), Job("waits", 0, null) with { Attempts = [], StartedAt = null }]);
        DateTimeOffset later = s_start.AddHours(2);
        long At(int minute) => s_start.AddMinutes(minute).ToUnixTimeMilliseconds();

        _store.Put(s_place,
            [
                new() { JobId = "a", JobName = "a", Status = "FAILED", StartedAt = At(2), StoppedAt = At(9), StatusReason = "enough" },
                // Another attempt than the one that is known: how that one ended is not.
                new() { JobId = "lost", JobName = "lost", Status = "SUCCEEDED", StartedAt = At(30), StoppedAt = At(40) },
                new() { JobId = "waits", JobName = "waits", Status = "FAILED", StoppedAt = At(3) },
                new() { JobId = "unknown", JobName = "unknown", Status = "RUNNING" },
            ], later);

        RecordedJob ended = _store.Find(s_place, "a")!;
        Assert.Equal(("FAILED", "enough", s_start.AddMinutes(9)), (ended.Status, ended.Reason, ended.StoppedAt));
        Assert.Equal((s_start.AddMinutes(9), true), (ended.Attempts[0].StoppedAt, ended.Attempts[0].HasFailed));
        Assert.Equal("RUNNING", _store.Find(s_place, "lost")!.Status);
        Assert.Equal("FAILED", _store.Find(s_place, "waits")!.Status);
        Assert.Null(_store.Find(s_place, "unknown"));
        Assert.Equal(["lost"], _store.Open(s_place, s_start, 10));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private void Put(double minute, params QueueSample[] queues) =>
        _store.Put(s_place, new PlaceSample { At = s_start.AddMinutes(minute), Queues = queues });

    private static QueueSample Queue(string name, int runnable) => new(name, 0, 0, runnable, 4, 5);

    private static FleetUse Hosts(double vCpus, double busy, params (string Type, string Zone, int Count)[] instances) => new()
    {
        VCpus = vCpus,
        BusyVCpus = busy,
        Instances = [.. instances.Select(one => new InstanceCount(one.Type, one.Zone, "spot", one.Count))],
    };

    private static RecordedJob Job(string id, int submitted, int? stopped) => new()
    {
        Id = id,
        Name = id,
        Queue = "cpu",
        Status = stopped is null ? "RUNNING" : "SUCCEEDED",
        CreatedAt = s_start.AddMinutes(submitted),
        StartedAt = s_start.AddMinutes(submitted + 2),
        StoppedAt = stopped is { } at ? s_start.AddMinutes(at) : null,
        SeenAt = s_start.AddMinutes(60),
        Needs = new Requirement { Amount = new Amount(1000, 2048, 0) },
        Attempts = [new RecordedAttempt(RecordedAttempt.WholeJob, 1, s_start.AddMinutes(submitted + 2))],
    };

    private static double Minutes(DateTimeOffset at) => (at - s_start).TotalMinutes;

    private static (double, double, double, double, double) Parts(QueueCounts of) =>
        (of.Submitted, of.Pending, of.Runnable, of.Starting, of.Running);
}
