using Microsoft.Data.Sqlite;
using Refrag.Aws.Batch;
using Refrag.History;
using Refrag.Scheduling;
using Refrag.Scheduling.Fitting;

namespace Refrag.Tests.History;

// What is kept when the file is locked for a while, when answers are slow, and over months.
public sealed partial class JobRecorderTests
{
    [Fact]
    public async Task SeeAsync_JobThatEndedWhileTheFileWasLocked_GetsItsEndAtTheNextLook()
    {
        _aws.Add("1", "m6i.large");
        Run("a", "1");
        await LookAsync("a");
        End("a");
        await LockedAsync(() => LookAsync());
        bool during = _store.Find(s_place, "a")!.HasEnded;

        await LookAsync();

        Assert.Equal((false, true), (during, _store.Find(s_place, "a")!.HasEnded));
        Assert.Equal("RF8108", Assert.Single(_problems).Code);
    }

    [Fact]
    public async Task SeeAsync_JobThatBeganWhileTheFileWasLocked_IsRecordedAtTheNextLook()
    {
        _aws.Add("1", "m6i.large");
        Run("a", "1");
        await LockedAsync(() => LookAsync("a"));
        RecordedJob? during = _store.Find(s_place, "a");

        await LookAsync("a");

        Assert.Null(during);
        Assert.Equal("m6i.large", Assert.Single(_store.Find(s_place, "a")!.Attempts).Instance?.Type);
        Assert.Equal(new Recorded(1, 1), _recorder.Done);
    }

    [Fact]
    public async Task WatchAsync_WhileTheFileIsLocked_RecordsTheJobAtTheNextAnswer()
    {
        _aws.Add("1", "m6i.large");
        Run("a", "1");
        await LockedAsync(() => _recorder.WatchAsync(_aws.Jobs[0], Token));

        await _recorder.WatchAsync(_aws.Jobs[0], Token);

        Assert.NotNull(_store.Find(s_place, "a"));
    }

    // What an answer says is true when it was asked for: the many requests of a look take minutes.
    [Fact]
    public async Task SeeAsync_AnswersThatTakeLong_AreOfTheTimeAtWhichTheyWereAskedFor()
    {
        _aws.Add("1", "m6i.large");
        Run("a", "1");
        _aws.Describing = () => _time.Advance(TimeSpan.FromMinutes(2));

        await LookAsync("a");

        Assert.Equal(FakeAccount.Now, _store.Find(s_place, "a")!.SeenAt);
    }

    // (ECS API, DescribeContainerInstances, errors: ClusterNotFoundException)
    [Fact]
    public async Task SeeAsync_ClustersThatAreGone_DoNotPauseTheQuestionsForOthers()
    {
        _aws.Denied["DescribeContainerInstances"] = "ClusterNotFoundException";
        for (int job = 0; job < 3; job++)
        {
            Run($"gone-{job}", $"{job}");
            await LookAsync($"gone-{job}");
        }
        _aws.Denied.Clear();
        _aws.Add("9", "m6i.large");
        Run("a", "9");

        await LookAsync("a");

        Assert.Equal("m6i.large", Assert.Single(_store.Find(s_place, "a")!.Attempts).Instance?.Type);
        Assert.Empty(_problems);
    }

    // Batch no longer knows the thousand that were not seen for longest, as after a week's pause.
    [Fact]
    public async Task CloseAsync_BehindAThousandThatBatchHasForgotten_ClosesTheRestAtTheNextLook()
    {
        _store.Put(s_place, [.. Enumerable.Range(0, 1000).Select(i => Known($"lost-{i}", FakeAccount.Now.AddDays(-7)))]);
        _store.Put(s_place, [Known("a", FakeAccount.Now.AddDays(-6))]);
        Run("a", "1");
        End("a");

        await _recorder.CloseAsync(s_place, Token);
        bool first = _store.Find(s_place, "a")!.HasEnded;
        await _recorder.CloseAsync(s_place, Token);

        Assert.Equal((false, true), (first, _store.Find(s_place, "a")!.HasEnded));
    }

    [Fact]
    public async Task SeeAsync_ForDays_RemembersWhatThereIsAndCountsAll()
    {
        for (int day = 0; day < 10; day++)
        {
            _aws.Add($"{day}", "m6i.large");
            Run($"a-{day}", $"{day}");
            await LookAsync($"a-{day}");
            End($"a-{day}");
            await LookAsync();
            _time.Advance(TimeSpan.FromHours(25));
        }

        // The instance of the last day.
        Assert.Equal(1, _recorder.Remembered);
        Assert.Equal(new Recorded(10, 10), _recorder.Done);
    }

    // A server streams the end while the list that the next look reads still has the job.
    [Fact]
    public async Task SeeAsync_EndBesideAListThatStillHasTheJob_CountsItOnce()
    {
        _aws.Add("1", "m6i.large");
        Run("a", "1");
        await LookAsync("a");
        End("a");
        await _recorder.SeeAsync([_aws.Jobs[0]], Token);

        await LookAsync("a");
        await LookAsync();
        await LookAsync();

        Assert.Equal(new Recorded(1, 1), _recorder.Done);
        Assert.True(_store.Find(s_place, "a")!.HasEnded);
    }

    private static RecordedJob Known(string id, DateTimeOffset seenAt) => new()
    {
        Id = id,
        Name = "train",
        Queue = FakeAccount.Cpu,
        Status = JobStatus.Running,
        CreatedAt = seenAt,
        SeenAt = seenAt,
        Needs = new Requirement { Amount = Amount.Of(2, 3000) },
    };

    // As another process that writes for longer than this one waits.
    private async Task LockedAsync(Func<Task> during)
    {
        using var other = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "history.db")};Pooling=False");
        other.Open();
        using SqliteTransaction writing = other.BeginTransaction();
        await during();
        writing.Rollback();
    }
}
