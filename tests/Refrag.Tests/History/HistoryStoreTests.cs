using Refrag.Aws.Batch;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;
using static Refrag.Tests.History.HistoryBench;

namespace Refrag.Tests.History;

public sealed class HistoryStoreTests : IDisposable
{
    private static readonly JobPlace s_place = HistoryBench.Place;

    private readonly HistoryBench _file = new();

    [Fact]
    public void Find_AfterPut_IsTheSame()
    {
        RecordedJob job = Job("a") with
        {
            Needs = new Requirement { Amount = new Amount(2500, 4096, 1), Nodes = 2, Architecture = Architecture.Arm64 },
            Platform = HostPlatform.Eks,
            StartedAt = FakeAccount.Now.AddMinutes(1),
            StoppedAt = FakeAccount.Now.AddMinutes(2),
            Reason = "it's over",
            Share = "team",
            Priority = 7,
            MostAttempts = 3,
            Timeout = TimeSpan.FromMinutes(30),
            HasDependencies = true,
            Tags = new Dictionary<string, string> { ["app"] = "train", ["it's"] = "\"quoted\"" },
            Attempts = [Attempt() with { SpotUsd = 0.0712m, Instance = new HostInstance("i-1", "m6i.large", "us-east-1a", "spot") }],
        };
        using (HistoryStore store = _file.Open()) store.Put(s_place, [job]);

        using HistoryStore again = _file.Open();
        RecordedJob read = again.Find(s_place, "a")!;

        Assert.Equal(job with { Tags = read.Tags, Attempts = read.Attempts }, read);
        Assert.Equal(job.Tags, read.Tags);
        Assert.Equal(job.Attempts, read.Attempts);
        Assert.Null(again.Find(s_place with { Region = "eu-west-1" }, "a"));
        Assert.Null(again.Find(s_place with { Endpoint = "http://127.0.0.1:9099" }, "a"));
        Assert.Empty(_file.Problems);
    }

    // One process measures, another lists the same job without knowing where it ran, or still as running.
    [Fact]
    public void Put_WithoutWhatIsKnown_LosesNothing()
    {
        using HistoryStore store = _file.Open();
        RecordedAttempt ended = Attempt() with
        {
            StoppedAt = Attempt().StartedAt.AddHours(1),
            HasFailed = false,
            Host = "arn",
            Instance = new HostInstance("i-1", "m6i.large", "us-east-1a", "spot"),
            SpotUsd = 0.05m,
        };
        store.Put(s_place, [Job("a") with { Status = "SUCCEEDED", SeenAt = FakeAccount.Now.AddMinutes(1), Attempts = [ended] }]);

        store.Put(s_place, [Job("a") with { Attempts = [Attempt()] }]);

        RecordedJob read = store.Find(s_place, "a")!;
        Assert.Equal("SUCCEEDED", read.Status);
        Assert.Equal([ended], read.Attempts);
    }

    [Fact]
    public void List_SinceATime_IsOfThatPlaceAndThen()
    {
        using HistoryStore store = _file.Open();
        store.Put(s_place, [Job("old") with { CreatedAt = FakeAccount.Now.AddDays(-30) }, Job("new")]);
        store.Put(s_place with { Account = "999999999999" }, [Job("foreign")]);

        Assert.Equal(["old", "new"], store.List(s_place, null).Select(job => job.Id));
        Assert.Equal(["new"], store.List(s_place, FakeAccount.Now.AddDays(-1)).Select(job => job.Id));
    }

    [Fact]
    public void Open_JobThatWasNotSeenSince_IsLeftOut()
    {
        using HistoryStore store = _file.Open();
        store.Put(s_place, [Job("forgotten") with { SeenAt = FakeAccount.Now.AddDays(-9) }, Job("open")]);

        Assert.Equal(["open"], store.Open(s_place, FakeAccount.Now.AddDays(-8), 10)!);
    }

    // On a slow disk a write may find the file locked for too long and be left out: then it is put again.
    [Fact]
    public async Task Put_ByManyAtOnce_KeepsAllAndMakesTheTablesOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(one => Task.Run(() => Eventually.HoldsAsync(() =>
        {
            using HistoryStore store = _file.Open();
            for (int i = 0; i < 5; i++) store.Put(s_place, [Job($"{one}-{i}")]);
            return Enumerable.Range(0, 5).All(i => store.Find(s_place, $"{one}-{i}") is not null);
        }), TestContext.Current.CancellationToken)));

        using HistoryStore all = _file.Open();
        Assert.All(_file.Problems, problem => Assert.Equal("RF8108", problem.Code));
        Assert.Equal(20, all.List(s_place, null).Count);
    }

    // The tables as the first version of refrag made them.
    [Fact]
    public void Open_FileOfTheFirstVersion_IsBroughtUpToDate()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file.Path)!);
        _file.Run("""
            CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY, applied_at TEXT NOT NULL);
            INSERT INTO schema_version VALUES (1, 'then');
            CREATE TABLE places (
                id INTEGER PRIMARY KEY, endpoint TEXT NOT NULL, account TEXT NOT NULL, region TEXT NOT NULL,
                UNIQUE (endpoint, account, region));
            CREATE TABLE jobs (
                place INTEGER NOT NULL REFERENCES places (id), id TEXT NOT NULL, name TEXT NOT NULL, queue TEXT NOT NULL,
                status TEXT NOT NULL, platform INTEGER NOT NULL, created_at INTEGER, seen_at INTEGER NOT NULL, nodes INTEGER NOT NULL,
                milli_vcpus INTEGER NOT NULL, memory_mib INTEGER NOT NULL, gpus INTEGER NOT NULL, architecture INTEGER, tags TEXT NOT NULL,
                PRIMARY KEY (place, id)) WITHOUT ROWID;
            CREATE INDEX jobs_created ON jobs (place, created_at);
            CREATE TABLE attempts (
                place INTEGER NOT NULL, job TEXT NOT NULL, node INTEGER NOT NULL, number INTEGER NOT NULL, started_at INTEGER NOT NULL,
                stopped_at INTEGER, failed INTEGER, task TEXT, host TEXT, instance TEXT, type TEXT, zone TEXT, market TEXT, spot_usd TEXT,
                PRIMARY KEY (place, job, node, number)) WITHOUT ROWID;
            CREATE INDEX attempts_host ON attempts (place, host) WHERE instance IS NOT NULL;
            INSERT INTO places VALUES (1, 'aws', '123456789012', 'us-east-1');
            INSERT INTO jobs VALUES (1, 'a', 'a', 'cpu', 'SUCCEEDED', 0, 1000, 9000, 1, 1000, 512, 0, NULL, '{}');
            INSERT INTO attempts VALUES (1, 'a', -1, 1, 2000, 3000, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            INSERT INTO attempts VALUES (1, 'a', -1, 2, 4000, 5000, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
            """);

        using HistoryStore newer = _file.Open(new HistoryLimits { Jobs = 1 });
        RecordedJob old = newer.Find(s_place, "a")!;
        newer.Put(s_place, [Job("b") with { SeenAt = FakeAccount.Now.AddHours(1) }]);

        Assert.Equal((4000, 5000), (old.StartedAt?.ToUnixTimeMilliseconds(), old.StoppedAt?.ToUnixTimeMilliseconds()));
        Assert.Equal(["b"], Ids(newer, s_place));
        Assert.Empty(_file.Problems);
    }

    [Fact]
    public void With_WhatIsKnown_KeepsWhatWasMeasuredAndTakesWhatBatchSays()
    {
        HostInstance host = new("i-1", "m6i.large", "us-east-1a", "spot");
        RecordedAttempt measured = Attempt() with { Instance = host, SpotUsd = 0.05m };
        RecordedAttempt node = measured with { Node = 1 };
        RecordedJob before = Job("a") with { Attempts = [measured, node] };
        RecordedAttempt ended = Attempt() with { StoppedAt = Attempt().StartedAt.AddHours(1), HasFailed = true };

        RecordedJob now = (Job("a") with { Status = "FAILED", Attempts = [ended, Attempt() with { Number = 2 }] }).With(before);

        Assert.Equal("FAILED", now.Status);
        Assert.Equal(
            [measured with { StoppedAt = ended.StoppedAt, HasFailed = true }, Attempt() with { Number = 2 }, node], now.Attempts);
        Assert.Same(before, before.With(null));
    }

    // A list of many jobs takes minutes: one that ended meanwhile is still listed as it was.
    [Fact]
    public void Put_ListThatHasAnEndedJobRunning_DoesNotOpenItAgain()
    {
        using HistoryStore store = _file.Open();
        DateTimeOffset end = FakeAccount.Now.AddMinutes(-1);
        store.Put(s_place, [Job("a") with { Status = "SUCCEEDED", StoppedAt = end, Reason = "Essential container in task exited" }]);

        JobSummary listed = new() { JobId = "a", Status = "RUNNING", StatusReason = "Job running" };
        store.Put(s_place, [listed], FakeAccount.Now.AddMinutes(1));

        RecordedJob read = store.Find(s_place, "a")!;
        Assert.Equal(("SUCCEEDED", end, "Essential container in task exited"), (read.Status, read.StoppedAt, read.Reason));
        Assert.Empty(store.Open(s_place, DateTimeOffset.MinValue, 10)!);
    }

    [Fact]
    public void Put_JobThatHasEndedAsRunning_DoesNotOpenItAgain()
    {
        using HistoryStore store = _file.Open();
        DateTimeOffset end = FakeAccount.Now.AddMinutes(-1);
        store.Put(s_place, [Job("a") with { Status = "FAILED", StoppedAt = end, Reason = "Host EC2 terminated" }]);

        store.Put(s_place, [Job("a") with { SeenAt = FakeAccount.Now.AddMinutes(1) }]);

        RecordedJob read = store.Find(s_place, "a")!;
        Assert.Equal(("FAILED", end, "Host EC2 terminated"), (read.Status, read.StoppedAt, read.Reason));
    }

    // The end was asked for first, and is written behind a list that still has the job running.
    [Fact]
    public void Put_EndThatWasAnsweredBeforeWhatIsWritten_IsKept()
    {
        using HistoryStore store = _file.Open();
        store.Put(s_place, [Job("a") with { SeenAt = FakeAccount.Now.AddMinutes(1) }]);

        store.Put(s_place, [Job("a") with { Status = "SUCCEEDED", StoppedAt = FakeAccount.Now }]);

        RecordedJob read = store.Find(s_place, "a")!;
        Assert.Equal(("SUCCEEDED", FakeAccount.Now, FakeAccount.Now.AddMinutes(1)), (read.Status, read.StoppedAt, read.SeenAt));
    }

    public void Dispose() => _file.Dispose();
}
