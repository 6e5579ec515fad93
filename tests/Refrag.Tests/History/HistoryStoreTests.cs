using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Tests.History;

public sealed class HistoryStoreTests : IDisposable
{
    private static readonly JobPlace s_place = new(JobPlace.Aws, "123456789012", "us-east-1");

    private readonly TemporaryFolder _folder = new();
    private readonly List<Problem> _problems = [];
    private readonly FakeTimeProvider _time = new(FakeAccount.Now);

    private string File => Path.Combine(_folder.Path, "history", "history.db");

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
        using (HistoryStore store = Open()) store.Put(s_place, [job]);

        using HistoryStore again = Open();
        RecordedJob read = again.Find(s_place, "a")!;

        Assert.Equal(job with { Tags = read.Tags, Attempts = read.Attempts }, read);
        Assert.Equal(job.Tags, read.Tags);
        Assert.Equal(job.Attempts, read.Attempts);
        Assert.Null(again.Find(s_place with { Region = "eu-west-1" }, "a"));
        Assert.Null(again.Find(s_place with { Endpoint = "http://127.0.0.1:9099" }, "a"));
        Assert.Empty(_problems);
    }

    // One process measures, another lists the same job without knowing where it ran, or still as running.
    [Fact]
    public void Put_WithoutWhatIsKnown_LosesNothing()
    {
        using HistoryStore store = Open();
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
        using HistoryStore store = Open();
        store.Put(s_place, [Job("old") with { CreatedAt = FakeAccount.Now.AddDays(-30) }, Job("new")]);
        store.Put(s_place with { Account = "999999999999" }, [Job("foreign")]);

        Assert.Equal(["old", "new"], store.List(s_place, null).Select(job => job.Id));
        Assert.Equal(["new"], store.List(s_place, FakeAccount.Now.AddDays(-1)).Select(job => job.Id));
    }

    [Fact]
    public void Open_JobThatWasNotSeenSince_IsLeftOut()
    {
        using HistoryStore store = Open();
        store.Put(s_place, [Job("forgotten") with { SeenAt = FakeAccount.Now.AddDays(-9) }, Job("open")]);

        Assert.Equal(["open"], store.Open(s_place, FakeAccount.Now.AddDays(-8), 10));
    }

    // On a slow disk a write may find the file locked for too long and be left out: then it is put again.
    [Fact]
    public async Task Put_ByManyAtOnce_KeepsAllAndMakesTheTablesOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(one => Task.Run(() => Eventually.HoldsAsync(() =>
        {
            using HistoryStore store = Open();
            for (int i = 0; i < 5; i++) store.Put(s_place, [Job($"{one}-{i}")]);
            return Enumerable.Range(0, 5).All(i => store.Find(s_place, $"{one}-{i}") is not null);
        }), TestContext.Current.CancellationToken)));

        using HistoryStore all = Open();
        Assert.All(_problems, problem => Assert.Equal("RF8108", problem.Code));
        Assert.Equal(20, all.List(s_place, null).Count);
    }

    [Fact]
    public void Put_WithTooOldJobs_RemovesThemWithTheirAttempts()
    {
        using HistoryStore store = Open(new HistoryLimits { Age = TimeSpan.FromDays(400) });
        store.Put(s_place, [Job("old") with { SeenAt = FakeAccount.Now.AddDays(-401), Attempts = [Attempt()] }]);
        store.Put(s_place, [Job("kept") with { SeenAt = FakeAccount.Now.AddDays(-399), Attempts = [Attempt()] }, Job("last")]);
        _time.Advance(TimeSpan.FromDays(1));

        store.Put(s_place, [Job("new") with { SeenAt = FakeAccount.Now.AddDays(1), Attempts = [Attempt()] }]);

        Assert.Equal(["kept", "last", "new"], Ids(store, s_place));
        Assert.Equal(2, Count("attempts"));
        Assert.Empty(_problems);
    }

    // Jobs of a rehearsal cost nothing to simulate; those of AWS were measured once and cannot be again.
    [Fact]
    public void Put_ToOnePlace_RemovesNothingOfAnother()
    {
        JobPlace rehearsal = s_place with { Endpoint = "http://127.0.0.1:9099" };
        using HistoryStore store = Open(new HistoryLimits { Jobs = 2 });
        store.Put(s_place, [Job("a") with { SeenAt = FakeAccount.Now.AddDays(-500), Attempts = [Attempt()] }, Job("b")]);
        _time.Advance(TimeSpan.FromDays(1));

        store.Put(rehearsal, [.. Enumerable.Range(0, 5)
            .Select(hour => Job($"{hour}") with { SeenAt = FakeAccount.Now.AddHours(hour), Attempts = [Attempt()] })]);

        Assert.Equal(["a", "b"], Ids(store, s_place));
        Assert.Equal(["3", "4"], Ids(store, rehearsal));
        Assert.Equal(3, Count("attempts"));
    }

    // A machine that resumes may have any date for some seconds.
    [Fact]
    public void Put_WithAClockThatIsYearsAhead_RemovesNothing()
    {
        HistoryLimits limits = new();
        FakeTimeProvider ahead = new(FakeAccount.Now.AddYears(3));
        using (HistoryStore store = Open(limits)) store.Put(s_place, [Job("a"), Job("b")]);
        using (HistoryStore wrong = Open(limits, ahead))
        {
            wrong.Put(s_place, [Job("c") with { SeenAt = ahead.GetUtcNow() }]);
            ahead.Advance(TimeSpan.FromHours(1));
            wrong.Put(s_place, [Job("d") with { SeenAt = ahead.GetUtcNow() }]);
        }
        _time.Advance(TimeSpan.FromHours(1));

        using HistoryStore right = Open(limits);
        right.Put(s_place, [Job("e") with { SeenAt = _time.GetUtcNow() }]);

        Assert.Equal(["a", "b", "c", "d", "e"], Ids(right, s_place));
    }

    [Fact]
    public void Put_MuchBeyondTheLimits_RemovesItInSeveralWrites()
    {
        const int Rest = 500;
        using HistoryStore store = Open(new HistoryLimits { Jobs = 1 });
        RecordedJob[] jobs = [.. Enumerable.Range(0, HistoryRetention.MostAtOnce + Rest + 1)
            .Select(i => Job($"{i}") with { SeenAt = FakeAccount.Now.AddSeconds(i), Attempts = [Attempt()] })];

        store.Put(s_place, jobs);
        (long, long) first = (Count("jobs"), Count("attempts"));
        store.Put(s_place, [jobs[^1]]);
        (long, long) second = (Count("jobs"), Count("attempts"));

        Assert.Equal((Rest + 1L, Rest + 1L), first);
        Assert.Equal((1L, 1L), second);
        Assert.Equal([jobs[^1].Id], Ids(store, s_place));
    }

    // The tables as the first version of refrag made them.
    [Fact]
    public void Open_FileOfTheFirstVersion_IsBroughtUpToDate()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        Run("""
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

        using HistoryStore newer = Open(new HistoryLimits { Jobs = 1 });
        RecordedJob old = newer.Find(s_place, "a")!;
        newer.Put(s_place, [Job("b") with { SeenAt = FakeAccount.Now.AddHours(1) }]);

        Assert.Equal((4000, 5000), (old.StartedAt?.ToUnixTimeMilliseconds(), old.StoppedAt?.ToUnixTimeMilliseconds()));
        Assert.Equal(["b"], Ids(newer, s_place));
        Assert.Empty(_problems);
    }

    [Fact]
    public void Put_MoreJobsThanItKeeps_RemovesThoseThatWereNotSeenForLongest()
    {
        using HistoryStore store = Open(new HistoryLimits { Jobs = 3 });

        store.Put(s_place, [.. Enumerable.Range(0, 5)
            .Select(day => Job($"{day}") with { SeenAt = FakeAccount.Now.AddDays(-day), Attempts = [Attempt()] })]);

        Assert.Equal(["0", "1", "2"], store.List(s_place, null).Select(job => job.Id).Order(StringComparer.Ordinal));
        Assert.Equal(3, Count("attempts"));
    }

    // Removal is once a day at most: until the next one there may be more jobs than the limit.
    [Fact]
    public void Put_ByAnotherProcessWithinADay_RemovesOnce()
    {
        using (HistoryStore first = Open(new HistoryLimits { Jobs = 1 })) first.Put(s_place, [Job("a")]);
        using HistoryStore store = Open(new HistoryLimits { Jobs = 1 });

        store.Put(s_place, [Job("b") with { SeenAt = FakeAccount.Now.AddHours(1) }]);
        int before = store.List(s_place, null).Count;
        _time.Advance(TimeSpan.FromDays(1));
        store.Put(s_place, [Job("c") with { SeenAt = FakeAccount.Now.AddDays(1) }]);

        Assert.Equal(2, before);
        Assert.Equal(["c"], store.List(s_place, null).Select(job => job.Id));
    }

    [Fact]
    public void Put_WhileAnotherProcessWrites_RemovesNothingUntilItMay()
    {
        using (HistoryStore first = Open())
            first.Put(s_place, [Job("old") with { SeenAt = FakeAccount.Now.AddDays(-401) }, Job("last")]);
        using HistoryStore store = Open(new HistoryLimits());
        using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        other.Open();
        using SqliteTransaction writing = other.BeginTransaction();

        store.Put(s_place, [Job("a")]);
        int during = store.List(s_place, null).Count;
        writing.Rollback();
        store.Put(s_place, [Job("a")]);

        Assert.Equal(2, during);
        Assert.Equal(["a", "last"], Ids(store, s_place));
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

    [Fact]
    public void Put_FileThatIsLocked_IsLeftOutAndTheRestIsOfUse()
    {
        using (HistoryStore first = Open()) first.Put(s_place, [Job("a")]);
        using var other = new SqliteConnection($"Data Source={File};Pooling=False");
        other.Open();
        using SqliteTransaction writing = other.BeginTransaction();

        using HistoryStore store = Open();
        store.Put(s_place, [Job("b")]);
        RecordedJob? read = store.Find(s_place, "a");
        writing.Rollback();
        store.Put(s_place, [Job("c")]);

        Assert.NotNull(read);
        Assert.Equal(["a", "c"], store.List(s_place, null).Select(job => job.Id).Order(StringComparer.Ordinal));
        Problem problem = Assert.Single(_problems);
        Assert.Equal("RF8108", problem.Code);
        Assert.DoesNotContain("move", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatCanOnlyBeRead_IsReadAndLeftAsItIs()
    {
        if (OperatingSystem.IsWindows()) return;
        if (Environment.IsPrivilegedProcess) Assert.Skip("Root may write to it all the same.");
        using (HistoryStore first = Open()) first.Put(s_place, [Job("a")]);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead);

        using HistoryStore store = Open();
        store.Put(s_place, [Job("b")]);

        Assert.Equal(["a"], store.List(s_place, null).Select(job => job.Id));
        Assert.Equal("RF8108", Assert.Single(_problems).Code);
    }

    [Fact]
    public void Open_DamagedFile_IsOneProblemAndThenNothing()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        System.IO.File.WriteAllText(File, new string('x', 10_000));

        using HistoryStore store = Open();
        store.Put(s_place, [Job("a")]);

        Assert.Equal("RF8100", Assert.Single(_problems).Code);
        Assert.False(store.IsUsable);
        Assert.Null(store.Find(s_place, "a"));
        Assert.Equal(new string('x', 10_000), System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Put_WriteThatFails_IsOneProblemAndLosesNothing()
    {
        using (HistoryStore first = Open()) first.Put(s_place, [Job("a")]);
        Run("CREATE TRIGGER no_room BEFORE INSERT ON attempts BEGIN SELECT RAISE(ABORT, 'no room'); END");
        using HistoryStore store = Open();

        RecordedJob job = Job("b") with { Attempts = [Attempt()] };
        store.Put(s_place, [job]);
        store.Put(s_place, [job]);

        Problem problem = Assert.Single(_problems);
        Assert.Equal("RF8100", problem.Code);
        Assert.Contains("no room", problem.Cause, StringComparison.Ordinal);
        using HistoryStore after = Open();
        Assert.Equal(["a"], after.List(s_place, null).Select(job => job.Id));
    }

    [Fact]
    public void Open_NewerSchema_IsLeftAlone()
    {
        using (HistoryStore store = Open()) store.Put(s_place, [Job("a")]);
        Run("INSERT INTO schema_version VALUES (99, 'later')");

        using HistoryStore refused = Open();

        Problem problem = Assert.Single(_problems);
        Assert.Equal("RF8101", problem.Code);
        Assert.Contains("99", problem.What, StringComparison.Ordinal);
        Assert.False(refused.IsUsable);
    }

    [Fact]
    public void Open_RowThatIsNoRow_IsOneProblem()
    {
        using (HistoryStore store = Open()) store.Put(s_place, [Job("a")]);
        Run("UPDATE jobs SET tags = '{'");

        using HistoryStore damaged = Open();

        Assert.Empty(damaged.List(s_place, null));
        Assert.Equal("RF8100", Assert.Single(_problems).Code);
    }

    [Fact]
    public void Open_File_IsItsOwnersAlone()
    {
        if (OperatingSystem.IsWindows()) return;
        using HistoryStore store = Open();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            System.IO.File.GetUnixFileMode(Path.GetDirectoryName(File)!));
    }

    public void Dispose() => _folder.Dispose();

    private HistoryStore Open(HistoryLimits? limits = null, TimeProvider? time = null) => HistoryStore.Open(File, time ?? _time, problem =>
    {
        lock (_problems) _problems.Add(problem);
    }, limits ?? HistoryLimits.None);

    private static IEnumerable<string> Ids(HistoryStore store, JobPlace place) =>
        store.List(place, null).Select(job => job.Id).Order(StringComparer.Ordinal);

    private long Count(string table)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this test's own.
        command.CommandText = $"SELECT COUNT(*) FROM {table}";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private void Run(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are this test's own.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static RecordedJob Job(string id) => new()
    {
        Id = id,
        Name = "train",
        Queue = FakeAccount.Cpu,
        Status = "RUNNING",
        CreatedAt = FakeAccount.Now,
        SeenAt = FakeAccount.Now,
        Needs = new Requirement { Amount = Amount.Of(2, 3000) },
    };

    private static RecordedAttempt Attempt() => new(RecordedAttempt.WholeJob, 1, FakeAccount.Now.AddHours(-1));
}
