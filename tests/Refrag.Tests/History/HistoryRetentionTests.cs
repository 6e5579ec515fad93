using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Refrag.History;
using static Refrag.Tests.History.HistoryBench;

namespace Refrag.Tests.History;

/// <summary>What the store removes beyond its limits, and when.</summary>
public sealed class HistoryRetentionTests : IDisposable
{
    private static readonly JobPlace s_place = HistoryBench.Place;

    private readonly HistoryBench _file = new();

    [Fact]
    public void Put_WithTooOldJobs_RemovesThemWithTheirAttempts()
    {
        using HistoryStore store = _file.Open(new HistoryLimits { Age = TimeSpan.FromDays(400) });
        store.Put(s_place, [Job("old") with { SeenAt = FakeAccount.Now.AddDays(-401), Attempts = [Attempt()] }]);
        store.Put(s_place, [Job("kept") with { SeenAt = FakeAccount.Now.AddDays(-399), Attempts = [Attempt()] }, Job("last")]);
        _file.Time.Advance(TimeSpan.FromDays(1));

        store.Put(s_place, [Job("new") with { SeenAt = FakeAccount.Now.AddDays(1), Attempts = [Attempt()] }]);

        Assert.Equal(["kept", "last", "new"], Ids(store, s_place));
        Assert.Equal(2, _file.Count("attempts"));
        Assert.Empty(_file.Problems);
    }

    // Jobs of a rehearsal cost nothing to simulate; those of AWS were measured once and cannot be again.
    [Fact]
    public void Put_ToOnePlace_RemovesNothingOfAnother()
    {
        JobPlace rehearsal = s_place with { Endpoint = "http://127.0.0.1:9099" };
        using HistoryStore store = _file.Open(new HistoryLimits { Jobs = 2 });
        store.Put(s_place, [Job("a") with { SeenAt = FakeAccount.Now.AddDays(-500), Attempts = [Attempt()] }, Job("b")]);
        _file.Time.Advance(TimeSpan.FromDays(1));

        store.Put(rehearsal, [.. Enumerable.Range(0, 5)
            .Select(hour => Job($"{hour}") with { SeenAt = FakeAccount.Now.AddHours(hour), Attempts = [Attempt()] })]);

        Assert.Equal(["a", "b"], Ids(store, s_place));
        Assert.Equal(["3", "4"], Ids(store, rehearsal));
        Assert.Equal(3, _file.Count("attempts"));
    }

    // A machine that resumes may have any date for some seconds.
    [Fact]
    public void Put_WithAClockThatIsYearsAhead_RemovesNothing()
    {
        HistoryLimits limits = new();
        FakeTimeProvider ahead = new(FakeAccount.Now.AddYears(3));
        using (HistoryStore store = _file.Open(limits)) store.Put(s_place, [Job("a"), Job("b")]);
        using (HistoryStore wrong = _file.Open(limits, ahead))
        {
            wrong.Put(s_place, [Job("c") with { SeenAt = ahead.GetUtcNow() }]);
            ahead.Advance(TimeSpan.FromHours(1));
            wrong.Put(s_place, [Job("d") with { SeenAt = ahead.GetUtcNow() }]);
        }
        _file.Time.Advance(TimeSpan.FromHours(1));

        using HistoryStore right = _file.Open(limits);
        right.Put(s_place, [Job("e") with { SeenAt = _file.Time.GetUtcNow() }]);

        Assert.Equal(["a", "b", "c", "d", "e"], Ids(right, s_place));
    }

    [Fact]
    public void Put_MuchBeyondTheLimits_RemovesItInSeveralWrites()
    {
        const int Rest = 500;
        using HistoryStore store = _file.Open(new HistoryLimits { Jobs = 1 });
        RecordedJob[] jobs = [.. Enumerable.Range(0, HistoryRetention.MostAtOnce + Rest + 1)
            .Select(i => Job($"{i}") with { SeenAt = FakeAccount.Now.AddSeconds(i), Attempts = [Attempt()] })];

        store.Put(s_place, jobs);
        (long, long) first = (_file.Count("jobs"), _file.Count("attempts"));
        store.Put(s_place, [jobs[^1]]);
        (long, long) second = (_file.Count("jobs"), _file.Count("attempts"));

        Assert.Equal((Rest + 1L, Rest + 1L), first);
        Assert.Equal((1L, 1L), second);
        Assert.Equal([jobs[^1].Id], Ids(store, s_place));
    }

    [Fact]
    public void Put_MoreJobsThanItKeeps_RemovesThoseThatWereNotSeenForLongest()
    {
        using HistoryStore store = _file.Open(new HistoryLimits { Jobs = 3 });

        store.Put(s_place, [.. Enumerable.Range(0, 5)
            .Select(day => Job($"{day}") with { SeenAt = FakeAccount.Now.AddDays(-day), Attempts = [Attempt()] })]);

        Assert.Equal(["0", "1", "2"], store.List(s_place, null).Select(job => job.Id).Order(StringComparer.Ordinal));
        Assert.Equal(3, _file.Count("attempts"));
    }

    // Removal is once a day at most: until the next one there may be more jobs than the limit.
    [Fact]
    public void Put_ByAnotherProcessWithinADay_RemovesOnce()
    {
        using (HistoryStore first = _file.Open(new HistoryLimits { Jobs = 1 })) first.Put(s_place, [Job("a")]);
        using HistoryStore store = _file.Open(new HistoryLimits { Jobs = 1 });

        store.Put(s_place, [Job("b") with { SeenAt = FakeAccount.Now.AddHours(1) }]);
        int before = store.List(s_place, null).Count;
        _file.Time.Advance(TimeSpan.FromDays(1));
        store.Put(s_place, [Job("c") with { SeenAt = FakeAccount.Now.AddDays(1) }]);

        Assert.Equal(2, before);
        Assert.Equal(["c"], store.List(s_place, null).Select(job => job.Id));
    }

    [Fact]
    public void Put_WhileAnotherProcessWrites_RemovesNothingUntilItMay()
    {
        using (HistoryStore first = _file.Open())
            first.Put(s_place, [Job("old") with { SeenAt = FakeAccount.Now.AddDays(-401) }, Job("last")]);
        using HistoryStore store = _file.Open(new HistoryLimits());
        using var other = new SqliteConnection($"Data Source={_file.Path};Pooling=False");
        other.Open();
        using SqliteTransaction writing = other.BeginTransaction();

        store.Put(s_place, [Job("a")]);
        int during = store.List(s_place, null).Count;
        writing.Rollback();
        store.Put(s_place, [Job("a")]);

        Assert.Equal(2, during);
        Assert.Equal(["a", "last"], Ids(store, s_place));
    }

    public void Dispose() => _file.Dispose();
}
