using System.Globalization;
using CsCheck;
using Refrag.Aws.Logs;
using Refrag.Engine.Logs;
using Refrag.Runners.Attempts;
using LogStream = Refrag.Engine.Logs.LogStream;

namespace Refrag.Engine.Tests.Logs;

public sealed class DurableLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Store_OpenedAgain_HasTheLines()
    {
        LogStream stream = Create(Store(), "def/default/1");
        Write(stream, 0, "one", cursor: 4);
        Write(stream, 1, "zwei €", OutputSource.Error, cursor: 9);
        stream.Flush();
        LogStream again = Store().Find("def/default/1")!;
        Assert.Equal(["0 Out one job 1", "1 Error zwei € job 1"], again.Read(0, 10).Events.Select(line =>
            string.Create(CultureInfo.InvariantCulture, $"{line.Number} {line.Source} {line.Message} {line.JobId} {line.Attempt}")));
        Assert.Equal(
            ["one", "zwei €"], await Store().FollowEnded(["none", "def/default/1"], Token).Select(line => line.Message).ToListAsync(Token));
    }

    [Fact]
    public void Create_StreamOfAnEarlierStore_ContinuesAfterItsLastLine()
    {
        LogStream first = Create(Store(), "s");
        Write(first, 0, "one", cursor: 4);
        Write(first, 0, "two", OutputSource.Error, cursor: 7);
        first.Flush();
        LogStream second = Create(Store(), "s");
        Assert.Equal((4L, 7L), (second.ResumeAt(OutputSource.Out), second.ResumeAt(OutputSource.Error)));
        Write(second, 1, "three", cursor: 10);
        second.Complete();
        Assert.Equal(["one", "two", "three"], Messages(Store().Find("s")!));
        Assert.Single(Store().List());
    }

    [Fact]
    public void List_HalfALineOfAnEarlierStore_SpoilsNoOther()
    {
        Create(Store(), "one");
        string list = Assert.Single(Directory.GetFiles(_folder.Path, "streams.jsonl", SearchOption.AllDirectories));
        File.AppendAllText(list, "{\"name\":\"half");
        Create(Store(), "two");
        Create(Store(), "three");
        Assert.Equal(["one", "two", "three"], Store().List().Select(info => info.Name));
    }

    [Fact]
    public void Create_LastLineWasNotWrittenToItsEnd_IsCutOffAndComesAgain()
    {
        LogStream first = Create(Store(), "s");
        Write(first, 0, "one", cursor: 4);
        Write(first, 0, "a line that is cut", cursor: 30);
        first.Complete();
        string file = Assert.Single(Directory.GetFiles(_folder.Path, "*.lines", SearchOption.AllDirectories));
        using (FileStream cut = File.OpenWrite(file)) cut.SetLength(cut.Length - 3);
        LogStream second = Create(Store(), "s");
        Assert.Equal(4, second.ResumeAt(OutputSource.Out));
        Write(second, 1, "x", cursor: 6);
        second.Complete();
        Assert.Equal(["one", "x"], Messages(Store().Find("s")!));
    }

    [Fact]
    public void Write_MoreThanTheLimit_DropsTheOldestAndStaysBelowOnDisk()
    {
        LogStream stream = Create(Store(100_000), "s");
        for (int i = 0; i < 20_000; i++) Write(stream, i, string.Create(CultureInfo.InvariantCulture, $"line {i}"), cursor: i + 1);
        stream.Complete();
        Assert.InRange(_folder.Bytes, 50_000, 101_000);
        var (first, next) = Store(100_000).Find("s")!.Range;
        Assert.Equal((true, 20_000L), (first > 10_000, next));
        var (events, isAtEnd) = Store(100_000).Find("s")!.Read(0, 100_000);
        Assert.Equal((first, $"line {first}", "line 19999", true), (events[0].Missed, events[0].Message, events[^1].Message, isAtEnd));
        Assert.Equal(20_000, Create(Store(100_000), "s").ResumeAt(OutputSource.Out));
    }

    [Fact]
    public void Read_LongLines_ComesInPortions()
    {
        LogStream stream = Create(Store(100_000_000), "s");
        for (int i = 0; i < 40; i++) Write(stream, i, new string('x', 100_000));
        int count = stream.Read(0, 1000).Events.Count;
        Assert.InRange(count, 10, 12);
        Assert.Equal((long)count, stream.Read(count, 1000).Events[0].Number);
    }

    [Fact]
    public void Read_WhatWasWritten_ComesBackFromAnyPlace() =>
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 450], Gen.Int[1, 300], Gen.Int[8_000, 60_000]).Sample((lines, from, most, limit) =>
        {
            string name = Guid.NewGuid().ToString();
            LogStream stream = Create(Store(limit), name);
            for (int i = 0; i < lines; i++) Write(stream, i, new string('a', i % 90) + i.ToString(CultureInfo.InvariantCulture));
            var (expectedFirst, next) = stream.Range;
            stream.Complete();
            IReadOnlyList<LogEvent> read = Store(limit).Find(name)!.Read(from, most).Events;
            long start = Math.Max(expectedFirst, from);
            Assert.Equal(Math.Clamp(next - start, 0, most), read.Count);
            Assert.All(read.Index(),
                pair => Assert.Equal(new string('a', (int)((start + pair.Index) % 90)) + (start + pair.Index), pair.Item.Message));
        }, iter: 100);

    [Theory]
    [InlineData("../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("a\0b")]
    [InlineData("..")]
    public void Create_AnyName_StaysInsideTheFolder(string name)
    {
        LogStream stream = Create(Store(), name);
        Write(stream, 0, "here");
        stream.Complete();
        Assert.Equal(["here"], Messages(Store().Find(name)!));
        Assert.All(Directory.GetDirectories(_folder.Path), folder => Assert.Matches("^[0-9a-f]{2}$", Path.GetFileName(folder)));
    }

    [Fact]
    public void Write_FolderCannotBeWritten_LosesLinesAndThrowsNothing()
    {
        LogStream stream = Create(Store(), "s");
        Write(stream, 0, "kept");
        stream.Flush();
        string folder = Path.GetDirectoryName(Directory.GetFiles(_folder.Path, "*.lines", SearchOption.AllDirectories)[0])!;
        stream.Complete();
        Directory.Delete(folder, recursive: true);
        File.WriteAllText(folder, "a file where the folder was");
        Write(stream, 1, "lost");
        stream.Complete();
        Assert.Empty(Messages(stream));
    }

    [Fact]
    public void Prune_OldStreams_GoAndThoseInUseStay()
    {
        LogStore store = Store();
        foreach (string name in new[] { "old", "used" }) Create(store, name, name).Flush();
        store.Close("old");
        Assert.Equal(1, store.Prune(DateTimeOffset.MaxValue));
        Assert.Equal(["used"], Store().List().Select(info => info.Name));
        Assert.Null(Store().Find("old"));
    }

    [Fact]
    public void Prune_OldStreams_TakesTheFoldersOfTheirAttempts()
    {
        var store = new LogStore(1_000_000, _folder.At("logs"), workFolder: _folder.At("work"));
        foreach (string task in new[] { "old", "used" })
        {
            Directory.CreateDirectory(_folder.At($"work/{task}/x"));
            store.Open(task);
            store.Create($"def/default/{task}", task, 1).Flush();
        }
        store.Close("old");
        store.Prune(DateTimeOffset.MaxValue);
        Assert.Equal([_folder.At("work/used")], Directory.GetDirectories(_folder.At("work")));
    }

    [Fact]
    public void Close_LeavesTheMemoryAndIsFoundByName()
    {
        LogStore store = Store();
        LogStream stream = Create(store, "s");
        Write(stream, 0, "x");
        stream.Complete();
        store.Close("job");
        Assert.NotSame(stream, store.Find("s"));
        Assert.Equal(["x"], Messages(store.Find("s")!));
    }

    [Fact]
    public async Task Read_LogDeletedMeanwhile_IsEmptyAndAtItsEnd()
    {
        LogStream writer = Create(Store(), "s");
        for (int i = 0; i < 10; i++) Write(writer, i, "x");
        writer.Complete();
        LogStream stream = Store().Find("s")!;
        IAsyncEnumerable<LogEvent> followed = Store().FollowEnded(["s"], Token);
        foreach (string one in Directory.GetDirectories(_folder.Path)) Directory.Delete(one, recursive: true);
        Assert.Equal((0, true), (stream.Read(0, 10).Events.Count, stream.Read(0, 10).IsAtEnd));
        Assert.Equal(0, stream.FirstAt(DateTimeOffset.UnixEpoch.AddSeconds(5)));
        Assert.Empty(await followed.ToListAsync(Token));
    }

    [Fact]
    public async Task Query_GroupsAreDeletedMeanwhile_AlwaysAnswers()
    {
        LogStore store = Store(SmallestLimit);
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 40; i++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{round}-{i}");
                LogStream stream = Create(store, name, name);
                for (int line = 0; line < 30; line++) Write(stream, line, new string('x', 200));
                stream.Complete();
                store.Close(name);
            }
            Task<int> deletion = Task.Run(() => store.Prune(DateTimeOffset.MaxValue), Token);
            do
            {
                LogFilter.Filter(store, new FilterLogEventsRequest { StartTime = 17, FilterPattern = "x" });
                LogLists.Streams(store, new DescribeLogStreamsRequest { OrderBy = OrderBy.LastEventTime });
                foreach (LogStreamInfo info in store.List())
                {
                    if (store.Find(info.Name) is not { } found) continue;
                    found.FirstAt(DateTimeOffset.UnixEpoch.AddSeconds(9));
                    found.Read(0, 10);
                }
            }
            while (!deletion.IsCompleted);
            Assert.Equal(40, await deletion);
        }
    }

    [Fact]
    public void Read_FileThatLostItsEnd_GoesOnWithTheNext()
    {
        LogStream writer = Create(Store(SmallestLimit), "s");
        for (int i = 0; i < 100; i++) Write(writer, i, new string('x', 200));
        writer.Complete();
        string[] files = [.. Directory.GetFiles(_folder.Path, "*.lines", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.InRange(files.Length, 3, 100);
        using (FileStream cut = File.OpenWrite(files[1])) cut.SetLength(100);
        LogStream stream = Store(SmallestLimit).Find("s")!;
        for (int i = 0; i < 100; i++)
        {
            stream.FirstAt(DateTimeOffset.UnixEpoch.AddSeconds(i));
            Assert.Equal(99, stream.Read(i, 1000).Events[^1].Number);
        }
    }

    private const int SmallestLimit = 32 * 1024;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LogStore Store(long bytes = 10_000_000) => new(bytes, _folder.Path);

    private static LogStream Create(LogStore store, string name, string job = "job")
    {
        store.Open(job);
        return store.Create(name, job, 1);
    }

    private static void Write(LogStream stream, int second, string text, OutputSource source = OutputSource.Out, long cursor = 0) =>
        stream.Write(new OutputLine(DateTimeOffset.UnixEpoch.AddSeconds(second + 1), source, text, cursor));

    private static List<string> Messages(LogStream stream) => [.. stream.Read(0, int.MaxValue).Events.Select(line => line.Message)];
}
