using System.Globalization;
using CsCheck;
using Refrag.Aws.Logs;
using Refrag.Engine.Logs;
using Refrag.Runners.Attempts;
using LogStream = Refrag.Engine.Logs.LogStream;

namespace Refrag.Engine.Tests.Logs;

public abstract class LogQueryTests
{
    private readonly LogStore _store;

    private protected LogQueryTests(LogStore store)
    {
        _store = store;
        _store.Open("job");
    }

    [Fact]
    public void GetLogEvents_FromHeadInPages_EndsWithTheTokenThatWasSent()
    {
        Fill("s", 5);
        GetLogEventsResponse first = Get(new() { LogStreamName = "s", StartFromHead = true, Limit = 3 });
        GetLogEventsResponse second =
            Get(new() { LogStreamName = "s", StartFromHead = true, Limit = 3, NextToken = first.NextForwardToken });
        GetLogEventsResponse third =
            Get(new() { LogStreamName = "s", StartFromHead = true, Limit = 3, NextToken = second.NextForwardToken });
        Assert.Equal(["s 0", "s 1", "s 2", "s 3", "s 4"], Text(first).Concat(Text(second)));
        Assert.Equal((0, second.NextForwardToken), (third.Events!.Count, third.NextForwardToken));
    }

    [Fact]
    public void GetLogEvents_FromTheTail_GoesBackwards()
    {
        Fill("s", 5);
        GetLogEventsResponse last = Get(new() { LogStreamName = "s", Limit = 2 });
        GetLogEventsResponse before = Get(new() { LogStreamName = "s", Limit = 2, NextToken = last.NextBackwardToken });
        Assert.Equal(["s 3", "s 4"], Text(last));
        Assert.Equal(["s 1", "s 2"], Text(before));
    }

    [Fact]
    public void GetLogEvents_Times_StartIsInAndEndIsOut()
    {
        Fill("s", 10);
        Assert.Equal(["s 3", "s 4"], Text(Get(new() { LogStreamName = "s", StartFromHead = true, StartTime = At(3), EndTime = At(5) })));
        Assert.Equal(["s 4"], Text(Get(new() { LogStreamName = "s", Limit = 1, StartTime = At(3), EndTime = At(5) })));
    }

    [Theory]
    [InlineData("none", "/aws/batch/job", null, "ResourceNotFoundException: The specified log stream does not exist.")]
    [InlineData("s", "/other", null, "ResourceNotFoundException: The specified log group does not exist.")]
    [InlineData("s", "/aws/batch/job", "x", "InvalidParameterException: The token x is not one of this engine's.")]
    [InlineData("s", "/aws/batch/job", "f/-1", "InvalidParameterException: The token -1 is not one of this engine's.")]
    public void GetLogEvents_Wrong_SaysWhat(string stream, string group, string? token, string expected)
    {
        Fill("s", 1);
        LogsException e =
            Assert.Throws<LogsException>(() => Get(new() { LogGroupName = group, LogStreamName = stream, NextToken = token }));
        Assert.Equal(expected, $"{e.Error.Code}: {e.Error.Message}");
    }

    [Fact]
    public async Task TagResource_ByManyAtATime_KeepsTheTagsOfAll()
    {
        await Task.WhenAll(Enumerable.Range(0, 50).Select(tag => Task.Run(
            () => LogGroupOperations.Tag(_store, new TagResourceRequest
            {
                ResourceArn = LogQueries.Group,
                Tags = new Dictionary<string, string> { [string.Create(CultureInfo.InvariantCulture, $"t{tag}")] = "" },
            }),
            TestContext.Current.CancellationToken)));
        Assert.Equal(50, _store.Groups.Find(LogQueries.Group)!.Tags!.Count);
    }

    [Fact]
    public void FilterLogEvents_TwoStreams_ComeByTimeInPages()
    {
        Fill("a", 4);
        Fill("b", 4);
        FilterLogEventsResponse first = Filter(new() { Limit = 3 });
        FilterLogEventsResponse second = Filter(new() { Limit = 3, NextToken = first.NextToken });
        FilterLogEventsResponse third = Filter(new() { Limit = 3, NextToken = second.NextToken });
        Assert.Equal(["a 0", "b 0", "a 1", "b 1", "a 2", "b 2", "a 3", "b 3"], Text(first).Concat(Text(second)).Concat(Text(third)));
        Assert.Null(third.NextToken);
        Assert.Equal(8, first.Events!.Concat(second.Events!).Concat(third.Events!).Select(line => line.EventId).Distinct().Count());
    }

    [Fact]
    public void FilterLogEvents_PatternTimePrefixAndNames_Choose()
    {
        Fill("a", 12);
        Fill("b", 12);
        Assert.Equal(["b 1", "b 10", "b 11"], Text(Filter(new() { LogStreamNamePrefix = "b", FilterPattern = "1" })));
        Assert.Equal(["a 10"], Text(Filter(new() { LogStreamNames = ["a"], FilterPattern = "1 0" })));
        Assert.Equal(["a 2", "b 2"], Text(Filter(new() { StartTime = At(2), EndTime = At(3) })));
        Assert.Throws<LogsException>(() => Filter(new() { LogStreamNames = ["none"] }));
        Assert.Throws<LogsException>(() => Filter(new() { FilterPattern = "{ $.a = 1 }" }));
        Assert.Throws<LogsException>(() => Filter(new() { NextToken = "????" }));
    }

    [Fact]
    public void FilterLogEvents_AnyStreamsInAnyPages_EveryLineOnceInOrder()
    {
        int run = 0;
        Gen.Select(Gen.Select(Gen.Int[0, 6], Gen.Int[0, 6]).List[1, 8], Gen.Int[1, 9], Gen.Int[0, 6]).Sample(
            (streams, limit, start) =>
            {
                string job = string.Create(CultureInfo.InvariantCulture, $"job{run++}");
                _store.Open(job);
                List<(long Time, string Text)> lines = [];
                for (int i = 0; i < streams.Count; i++)
                {
                    string name = string.Create(CultureInfo.InvariantCulture, $"{job}/{i}");
                    LogStream stream = _store.Create(name, job, 1);
                    for (int at = streams[i].Item1; at < streams[i].Item1 + streams[i].Item2; at++)
                    {
                        Write(stream, at);
                        if (at >= start) lines.Add((At(at), $"{name} {at}"));
                    }
                    stream.Complete();
                }
                // Half of them have ended, and are read where they lie.
                if (run % 2 == 0) _store.Close(job);
                List<string> read = [];
                string? token = null;
                do
                {
                    FilterLogEventsResponse page =
                        Filter(new() { LogStreamNamePrefix = job + "/", StartTime = At(start), Limit = limit, NextToken = token });
                    read.AddRange(Text(page));
                    token = page.NextToken;
                }
                while (token is not null);
                Assert.Equal(
                    lines.OrderBy(line => line.Time).ThenBy(line => line.Text, StringComparer.Ordinal).Select(line => line.Text), read);
            },
            iter: 200,
            threads: 1);
    }

    [Fact]
    public void DescribeLogStreams_PrefixAndPages_InOrder()
    {
        foreach (string name in new[] { "x/1", "y/2", "y/1", "y/3" }) Fill(name, 2);
        DescribeLogStreamsResponse first = Streams(new() { LogStreamNamePrefix = "y/", Limit = 2 });
        DescribeLogStreamsResponse second = Streams(new() { LogStreamNamePrefix = "y/", Limit = 2, NextToken = first.NextToken });
        Assert.Equal(["y/1", "y/2"], first.LogStreams!.Select(one => one.LogStreamName));
        Assert.Equal(("y/3", null), (Assert.Single(second.LogStreams!).LogStreamName, second.NextToken));
        Assert.Equal((At(0), At(1)), (first.LogStreams![0].FirstEventTimestamp, first.LogStreams[0].LastEventTimestamp));
        Assert.Equal("arn:aws:logs:us-east-1:000000000000:log-group:/aws/batch/job:log-stream:y/1", first.LogStreams[0].Arn);
    }

    [Fact]
    public void DescribeLogStreams_ByLastEventDescending_LatestFirst()
    {
        Fill("a", 5);
        Fill("b", 9);
        Fill("c", 2);
        DescribeLogStreamsResponse first = Streams(new() { OrderBy = OrderBy.LastEventTime, Descending = true, Limit = 2 });
        DescribeLogStreamsResponse second =
            Streams(new() { OrderBy = OrderBy.LastEventTime, Descending = true, Limit = 2, NextToken = first.NextToken });
        Assert.Equal(["b", "a", "c"], first.LogStreams!.Concat(second.LogStreams!).Select(one => one.LogStreamName));
        _store.Close("job");
        Assert.Equal(["c", "a", "b"], Streams(new() { OrderBy = OrderBy.LastEventTime }).LogStreams!.Select(one => one.LogStreamName));
        Assert.Throws<LogsException>(() => Streams(new() { OrderBy = OrderBy.LastEventTime, LogStreamNamePrefix = "a" }));
    }

    [Fact]
    public void DescribeLogGroups_OwnGroups_AreThereBesideTheUsual()
    {
        _store.Create("s", "job", 1, "/mine");
        DescribeLogGroupsResponse answer = LogLists.Groups(_store, new DescribeLogGroupsRequest());
        Assert.Equal(["/aws/batch/job", "/mine"], answer.LogGroups!.Select(group => group.LogGroupName));
        Assert.Equal("s", Assert.Single(Streams(new() { LogGroupName = "/mine" }).LogStreams!).LogStreamName);
        Assert.Empty(Streams(new()).LogStreams!);
    }

    [Fact]
    public void DescribeLogGroups_WhatTheEngineKeepsOfUsage_IsListedOnlyWhereItIsNamed()
    {
        _store.Create("s", "job", 1, UsageLine.Group);
        Assert.Equal(["/aws/batch/job"], Listed(new()));
        Assert.Equal(["/aws/batch/job"], Listed(new() { LogGroupNamePrefix = "/" }));
        Assert.Equal(["/refrag/usage"], Listed(new() { LogGroupNamePrefix = "/refrag" }));

        IEnumerable<string?> Listed(DescribeLogGroupsRequest request) =>
            LogLists.Groups(_store, request).LogGroups!.Select(group => group.LogGroupName);
    }

    private static long At(int second) => 1_000_000_000_000 + (second * 1000L);

    private void Fill(string name, int lines)
    {
        LogStream stream = _store.Create(name, "job", 1);
        for (int i = 0; i < lines; i++) Write(stream, i);
    }

    private static void Write(LogStream stream, int second) => stream.Write(new OutputLine(
        DateTimeOffset.FromUnixTimeMilliseconds(At(second)), OutputSource.Out,
        string.Create(CultureInfo.InvariantCulture, $"{stream.Name} {second}")));

    private GetLogEventsResponse Get(GetLogEventsRequest request) =>
        LogPages.Get(_store, request with { LogGroupName = request.LogGroupName ?? LogQueries.Group });

    private FilterLogEventsResponse Filter(FilterLogEventsRequest request) =>
        LogFilter.Filter(_store, request with { LogGroupName = LogQueries.Group });

    private DescribeLogStreamsResponse Streams(DescribeLogStreamsRequest request) =>
        LogLists.Streams(_store, request with { LogGroupName = request.LogGroupName ?? LogQueries.Group });

    private static IEnumerable<string> Text(GetLogEventsResponse answer) => answer.Events!.Select(line => line.Message!);

    private static IEnumerable<string> Text(FilterLogEventsResponse answer) => answer.Events!.Select(line => line.Message!);
}

public sealed class LogQueryInMemoryTests() : LogQueryTests(new LogStore(1_000_000));

public sealed class LogQueryOnDiskTests : LogQueryTests, IDisposable
{
    private readonly TemporaryFolder _folder;

    public LogQueryOnDiskTests()
        : this(new TemporaryFolder())
    {
    }

    private LogQueryOnDiskTests(TemporaryFolder folder)
        : base(new LogStore(1_000_000, folder.Path)) => _folder = folder;

    public void Dispose() => _folder.Dispose();
}
