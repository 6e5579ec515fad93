using Refrag.Engine.Logs;

namespace Refrag.Engine.Tests.Logs;

public sealed class LogFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Forget_StreamBeginsMeanwhile_ItNeedNotWaitAndStays()
    {
        LogFolder logs = Filled("old", "older");
        int forgotten = logs.Forget(info =>
        {
            BesideThis(() => logs.Add(Info($"during {info.Name}")));
            return false;
        });
        Assert.Equal(2, forgotten);
        Assert.Equal(["during old", "during older"], Names(logs));
        Assert.Equal((null, null), (logs.Find("old"), logs.Find("older")));
        Assert.NotNull(logs.Find("during old"));
        Assert.Equal(["during old", "during older"], Names(Opened()));
    }

    [Fact]
    public void RemoveForgotten_StreamBeginsMeanwhile_ItNeedNotWaitAndStays()
    {
        LogFolder logs = Filled("a", "b");
        logs.Forget(_ => false);
        logs.RemoveForgotten(info => BesideThis(() => logs.Add(Info($"during {info.Name}"))), () => false);
        Assert.Equal(["during a", "during b"], Names(logs));
        Assert.NotNull(logs.Find("during a"));
        Assert.Equal(2, Folders().Length);
    }

    [Fact]
    public void RemoveForgotten_LeavesNothingOfThem()
    {
        LogFolder logs = Filled("a", "b", "c");
        File.WriteAllText(Path.Combine(logs.Of("b"), "0.lines"), "x");
        logs.Forget(info => info.Name == "c");
        Assert.Equal(3, Folders().Length);
        List<string> removed = [];
        logs.RemoveForgotten(info => removed.Add(info.Name), () => false);
        Assert.Equal(["a", "b"], removed);
        Assert.Equal([logs.Of("c")], Folders());
        Assert.Equal(["streams.jsonl"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
        Assert.False(Directory.Exists(_folder.At("removed")));
    }

    [Fact]
    public void RemoveForgotten_Stopped_IsContinuedByTheNextOne()
    {
        LogFolder logs = Filled("a", "b", "c");
        logs.Forget(_ => false);
        List<string> removed = [];
        logs.RemoveForgotten(info => removed.Add(info.Name), () => removed.Count == 1);
        LogFolder next = Opened();
        Assert.Empty(Names(next));
        Assert.All(["a", "b", "c"], name => Assert.Null(next.Find(name)));
        // The first may not have been removed to its end.
        next.RemoveForgotten(info => removed.Add(info.Name), () => false);
        Assert.Equal(["a", "a", "b", "c"], removed);
        Assert.Empty(Folders());
    }

    [Fact]
    public void Add_NameThatWasForgotten_BeginsAnewAndIsNotRemoved()
    {
        LogFolder logs = Filled("a");
        File.WriteAllText(Path.Combine(logs.Of("a"), "0.lines"), "old");
        logs.Forget(_ => false);
        logs.Add(Info("a"));
        Assert.False(File.Exists(Path.Combine(logs.Of("a"), "0.lines")));
        LogFolder next = Opened();
        foreach (LogFolder one in new[] { logs, next })
        {
            one.RemoveForgotten(_ => Assert.Fail("It is not forgotten."), () => false);
            Assert.NotNull(one.Find("a"));
            Assert.Equal(["a"], Names(one));
        }
    }

    [Fact]
    public void Forget_Fails_ForgetsNothing()
    {
        LogFolder logs = Filled("a", "b");
        Assert.Throws<InvalidOperationException>(() => logs.Forget(
            info => info.Name == "a" ? false : throw new InvalidOperationException("b")));
        Assert.Equal(["a", "b"], Names(logs));
        Assert.NotNull(logs.Find("a"));
        logs.RemoveForgotten(_ => Assert.Fail("It is not forgotten."), () => false);
        Assert.NotNull(Opened().Find("a"));
    }

    // A device that is full, in the place of the next list.
    [Fact]
    public void Forget_DiskIsFull_MakesRoomAndIsTriedAgain()
    {
        if (!File.Exists("/dev/full")) Assert.Skip("This system has no /dev/full.");
        LogFolder logs = Filled("a", "b");
        File.CreateSymbolicLink(_folder.At("streams.jsonl.next"), "/dev/full");
        Assert.Throws<IOException>(() => logs.Forget(info => info.Name == "b"));
        Assert.Equal([logs.Of("b")], Folders());
        Assert.Null(logs.Find("a"));
        File.Delete(_folder.At("streams.jsonl.next"));
        Assert.Equal(1, logs.Forget(info => info.Name == "b"));
        Assert.Equal(["b"], Names(logs));
    }

    [Fact]
    public void RemoveForgotten_FoldersCannotBeTakenAside_RemovesThemWhereTheyAre()
    {
        LogFolder logs = Filled("a", "b");
        File.WriteAllText(_folder.At("removed"), "a file where a folder ought to be");
        logs.Forget(_ => false);
        logs.RemoveForgotten(_ => { }, () => false);
        Assert.Empty(Folders());
        Assert.Null(Opened().Find("a"));
        Assert.False(File.Exists(_folder.At("forgotten.jsonl")));
    }

    [Fact]
    public void Open_EndedBetweenBothLists_BelievesTheListOfStreams()
    {
        LogFolder logs = Filled("a", "b");
        File.Copy(_folder.At("streams.jsonl"), _folder.At("forgotten.jsonl"));
        LogFolder next = Opened();
        Assert.NotNull(next.Find("a"));
        next.RemoveForgotten(_ => Assert.Fail("It is not forgotten."), () => false);
        Assert.Equal(Names(logs), Names(next));
    }

    [Fact]
    public void List_LinesLongerThanWhatIsReadAtOnce_AreWhole()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(number => new string('n', number * 5_000) + "€")];
        LogFolder logs = Filled(names);
        Assert.Equal(names, Names(logs));
        Assert.Equal(20, logs.Forget(info => info.Name.Length % 10_000 == 1));
        Assert.Equal(names.Where(name => name.Length % 10_000 == 1), Names(logs));
    }

    // As another thread of the engine would: a lock that this one holds lets it through.
    private static void BesideThis(Action work)
    {
        Task done = Task.Factory.StartNew(
            work, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
#pragma warning disable xUnit1031 // The caller is a callback of the code under test.
        Assert.True(done.Wait(Eventually.Limit, TestContext.Current.CancellationToken), "It waits for the removal.");
#pragma warning restore xUnit1031
    }

    private LogFolder Opened() => new(_folder.Path);

    private LogFolder Filled(params string[] names)
    {
        LogFolder logs = Opened();
        foreach (string name in names) logs.Add(Info(name));
        return logs;
    }

    private string[] Folders() =>
        [.. Directory.GetDirectories(_folder.Path).SelectMany(spread => Directory.GetDirectories(spread)).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Names(LogFolder logs) => logs.All().Select(info => info.Name);

    private static LogStreamInfo Info(string name) => new(name, "job", 1, DateTimeOffset.UnixEpoch);
}
