using Microsoft.Extensions.Time.Testing;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Fitting;
using Refrag.Traces;

namespace Refrag.Tests.Traces;

public sealed class HistoryTraceTests : IDisposable
{
    private static readonly JobPlace s_place = new(JobPlace.Aws, "123456789012", "us-east-1");
    private static readonly DateTimeOffset s_start = FakeAccount.Now;

    private readonly TemporaryFolder _folder = new();
    private readonly HistoryStore _store;

    public HistoryTraceTests() => _store = HistoryStore.Open(
        Path.Combine(_folder.Path, "history.db"), new FakeTimeProvider(s_start), problem => Assert.Fail(problem.What));

    [Fact]
    public void Of_JobsOfASpan_IsWhenTheyWereSubmittedAndWhatTheyAskedFor()
    {
        RecordedJob lost = Job("lost", 10) with
        {
            Needs = new Requirement { Amount = new Amount(4000, 8192, 2), Nodes = 2 },
            Share = "team",
            Priority = 7,
            MostAttempts = 3,
            Timeout = TimeSpan.FromMinutes(30),
            HasDependencies = true,
            Attempts = [Attempt(1, 11, 15), Attempt(2, 20, 32.5)],
        };
        _store.Put(s_place, [Job("before", -5), Job("first", 0), lost, Job("late", 60)]);
        _store.Put(s_place, [Job("never", 1) with { Attempts = [], StartedAt = null }, Job("runs", 2) with { Status = "RUNNING" }]);

        Workload workload = Of(s_start, s_start.AddHours(1))!;

        Assert.Equal(["first", "lost"], workload.Jobs.Select(job => job.Id));
        Assert.Equal(s_start, workload.Start);
        TraceJob last = workload.Jobs[1];
        // The last attempt, from minute 20 to 32.5.
        Assert.Equal((600_000, 750_000), (last.SubmittedAt, last.Runs));
        Assert.Equal((4000, 8192, 2, 2), (last.MilliVCpus, last.MemoryMiB, last.Gpus, last.Nodes));
        Assert.Equal(("team", 7, 3, 1_800_000L, "cpu"), (last.Share, last.Priority, last.Attempts, last.Timeout, last.Queue));
        Assert.Equal(3, workload.Notes.Count);
        Assert.StartsWith("1 jobs that never ran", workload.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Of_AnEmptySpan_IsNone()
    {
        _store.Put(s_place, [Job("first", 0)]);

        Assert.Null(Of(s_start.AddHours(1), s_start.AddHours(2)));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Read_OfMoreJobsThanTheLimit_IsAProblem()
    {
        _store.Put(s_place, [Job("first", 0), Job("second", 1)]);
        HistorySpan span = new(s_start, s_start.AddHours(1));

        Assert.Equal("RF6050", Assert.Single(HistoryTrace.Read(new HistoryReader(_store), s_place, span, "it", most: 1).Problems).Code);
        Assert.Equal(2, HistoryTrace.Read(new HistoryReader(_store), s_place, span, "it", most: 2).Value.Jobs.Count);
        Assert.Equal("RF8192", Assert.Single(
            HistoryTrace.Read(new HistoryReader(_store), s_place, span with { From = s_start.AddMinutes(30) }, "it", 1).Problems).Code);
    }

    private Workload? Of(DateTimeOffset from, DateTimeOffset to) =>
        HistoryTrace.Of(new HistoryReader(_store), s_place, new HistorySpan(from, to), "the history");

    private static RecordedAttempt Attempt(int number, double from, double to) =>
        new(RecordedAttempt.WholeJob, number, s_start.AddMinutes(from)) { StoppedAt = s_start.AddMinutes(to), HasFailed = false };

    private static RecordedJob Job(string id, double submitted) => new()
    {
        Id = id,
        Name = id,
        Queue = "cpu",
        Status = "SUCCEEDED",
        CreatedAt = s_start.AddMinutes(submitted),
        StartedAt = s_start.AddMinutes(submitted + 1),
        SeenAt = s_start.AddHours(2),
        Needs = new Requirement { Amount = new Amount(1000, 2048, 0) },
        Attempts = [Attempt(1, submitted + 1, submitted + 2)],
    };
}
