using Refrag.Engine.Logs;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Tests.Logs;

public sealed class LogStoreTests
{
    private readonly LogStore _store = new(bytesPerStream: 10_000);

    public LogStoreTests() => _store.Open("job");

    [Fact]
    public async Task FollowJob_LinesBeforeAndAfter_AllCome()
    {
        LogStream stream = _store.Create("s", "job", 1);
        Write(stream, 0, "early");
        await using IAsyncEnumerator<LogEvent> reader = Follow("job").GetAsyncEnumerator(Token);
        Assert.Equal("early", await Next(reader));
        ValueTask<bool> next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);
        Write(stream, 1, "late");
        Assert.True(await next);
        Assert.Equal(("late", 1L, 1), (reader.Current.Message, reader.Current.Number, reader.Current.Attempt));
    }

    [Fact]
    public async Task FollowJob_JobAndStreamsComplete_Ends()
    {
        LogStream stream = _store.Create("s", "job", 1);
        Write(stream, 0, "only");
        _store.Close("job");
        Task<List<string>> all = All("job");
        stream.Complete();
        Assert.Equal(["only"], await all);
    }

    [Fact]
    public async Task FollowJob_StreamThatComesLater_IsReadToo()
    {
        Task<List<string>> all = All("job");
        LogStream second = _store.Create("t", "job", 2);
        Write(second, 0, "again");
        second.Complete();
        _store.Close("job");
        Assert.Equal(["again"], await all);
    }

    [Fact]
    public async Task FollowJob_SeveralStreams_ComeInTheOrderOfTime()
    {
        LogStream a = _store.Create("a", "job:0", 1);
        LogStream b = _store.Create("b", "job:1", 1);
        Write(a, 1, "one");
        Write(b, 2, "two");
        Write(a, 3, "three");
        foreach (LogStream stream in new[] { a, b }) stream.Complete();
        _store.Close("job");
        Assert.Equal(["one", "two", "three"], await All("job"));
        Assert.Equal(["two"], await All("job:1"));
    }

    [Fact]
    public async Task FollowJob_ReaderFallsBehind_LearnsHowMuchItMissed()
    {
        LogStream stream = _store.Create("s", "job", 1);
        for (int i = 0; i < 1000; i++) Write(stream, i, $"line {i}");
        stream.Complete();
        _store.Close("job");
        List<LogEvent> events = await Follow("job").ToListAsync(Token);
        Assert.InRange(events.Count, 50, 500);
        Assert.Equal(1000 - events.Count, events[0].Missed);
        Assert.Equal(events[0].Missed, events[0].Number);
        Assert.All(events.Skip(1), line => Assert.Equal(0, line.Missed));
        Assert.Equal("line 999", events[^1].Message);
    }

    [Fact]
    public async Task FollowJob_OneLineLargerThanTheStreamKeeps_IsKept()
    {
        LogStream stream = _store.Create("s", "job", 1);
        Write(stream, 0, new string('x', 20_000));
        stream.Complete();
        _store.Close("job");
        Assert.Equal(20_000, Assert.Single(await All("job")).Length);
    }

    [Fact]
    public async Task FollowStream_OneOfTwo_GivesItsLinesOnlyAndEnds()
    {
        LogStream a = _store.Create("a", "job#0", 1);
        LogStream b = _store.Create("b", "job#1", 1);
        Write(a, 0, "from a");
        Write(b, 0, "from b");
        foreach (LogStream stream in new[] { a, b }) stream.Complete();
        _store.Close("job");
        Assert.Equal("from b", (await _store.FollowStream("b", Token).SingleAsync(Token)).Message);
    }

    [Fact]
    public void Follow_Unknown_Throws()
    {
        Assert.Throws<ArgumentException>(() => _store.FollowJob("other", Token));
        Assert.Throws<ArgumentException>(() => _store.FollowStream("other", Token));
    }

    [Fact]
    public async Task FollowJob_Cancelled_Stops()
    {
        using var stop = new CancellationTokenSource();
        await using IAsyncEnumerator<LogEvent> reader = _store.FollowJob("job", stop.Token).GetAsyncEnumerator(stop.Token);
        ValueTask<bool> next = reader.MoveNextAsync();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static void Write(LogStream stream, int second, string text) =>
        stream.Write(new OutputLine(DateTimeOffset.UnixEpoch.AddSeconds(second), OutputSource.Out, text));

    private static async Task<string> Next(IAsyncEnumerator<LogEvent> reader)
    {
        Assert.True(await reader.MoveNextAsync());
        return reader.Current.Message;
    }

    private IAsyncEnumerable<LogEvent> Follow(string jobId) => _store.FollowJob(jobId, Token);

    private async Task<List<string>> All(string jobId) =>
        await Follow(jobId).Select(line => line.Message).ToListAsync(Token).AsTask().Soon();
}
