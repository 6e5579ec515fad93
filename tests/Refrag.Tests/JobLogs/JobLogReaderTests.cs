using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.JobLogs;

namespace Refrag.Tests.JobLogs;

public sealed class JobLogReaderTests
{
    private readonly PassingTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_TwoHundredThousandLinesOverTwoAttempts_GivesEachOnceInOrder()
    {
        FakeLogGroup logs = new() { ThrottleEvery = 13 };
        List<string> written = [];
        List<string> read = [];
        JobLogReader reader = new(new NoBatch(), logs, _time, new LogChoice());
        for (int i = 0; i < 200_000; i++)
        {
            int attempt = i < 120_000 ? 1 : 2;
            string line = $"attempt {attempt} line {i}";
            written.Add(line);
            logs.Write($"s/{attempt}", i, line);
            if (i % 7_001 == 0) await reader.ReadAsync(Job("RUNNING", attempt), l => read.Add(l.Text), Stop);
        }
        await DrainAsync(reader, Job("SUCCEEDED", 2), l => read.Add(l.Text));

        Assert.Equal(written, read);
        Assert.Equal(200_000, reader.Lines);
    }

    [Fact]
    public async Task ReadAsync_ArrayOfAHundredChildren_GivesEveryLineOfEachInOrderAndStops()
    {
        FakeLogGroup logs = new() { ThrottleEvery = 29 };
        FakeArray batch = new(100);
        JobLogReader reader = new(batch, logs, _time, new LogChoice());
        Dictionary<int, List<string>> read = [];
        void Take(LogLine line)
        {
            if (!read.TryGetValue(line.Stream.Part!.Value, out List<string>? lines)) read[line.Stream.Part.Value] = lines = [];
            lines.Add(line.Text);
        }
        for (int round = 0; round < 40; round++)
        {
            for (int child = 0; child < 100; child++) logs.Write($"c/{child}", round, $"{child}: {round}");
            await reader.ReadAsync(batch.Parent("PENDING"), Take, Stop);
        }
        batch.Status = "SUCCEEDED";
        await DrainAsync(reader, batch.Parent("SUCCEEDED"), Take);

        Assert.Equal(100, read.Count);
        Assert.All(read, child => Assert.Equal(Enumerable.Range(0, 40).Select(round => $"{child.Key}: {round}"), child.Value));
    }

    [Fact]
    public async Task ReadAsync_SeveralStreams_MergesThemByTime()
    {
        FakeLogGroup logs = new();
        FakeArray batch = new(2);
        logs.Write("c/0", 1, "a");
        logs.Write("c/1", 2, "b");
        logs.Write("c/0", 3, "c");
        logs.Write("c/1", 4, "d");
        List<string> read = [];

        await new JobLogReader(batch, logs, _time, new LogChoice()).ReadAsync(
            batch.Parent("PENDING"), l => read.Add($"{l.Stream.Part}{l.Text}"), Stop);

        Assert.Equal(["0a", "1b", "0c", "1d"], read);
    }

    [Fact]
    public async Task ReadAsync_OneAttemptWanted_LeavesTheOtherOut()
    {
        FakeLogGroup logs = new();
        logs.Write("s/1", 1, "first");
        logs.Write("s/2", 2, "second");
        List<string> read = [];

        await new JobLogReader(new NoBatch(), logs, _time, new LogChoice { Attempt = 1 }).ReadAsync(
            Job("RUNNING", 2), l => read.Add(l.Text), Stop);

        Assert.Equal(["first"], read);
    }

    [Fact]
    public async Task ReadAsync_WithoutLateLines_HasEverythingAtTheFirstReadingAfterTheEnd()
    {
        FakeLogGroup logs = new();
        List<string> read = [];
        JobLogReader reader = new(new NoBatch(), logs, _time, new LogChoice { Late = TimeSpan.Zero });
        Assert.True(await reader.ReadAsync(Job("RUNNING", 1), l => read.Add(l.Text), Stop));
        for (int i = 0; i < 5000; i++) logs.Write("s/1", i, $"line {i}");

        bool more = await reader.ReadAsync(Job("SUCCEEDED", 1), l => read.Add(l.Text), Stop);

        Assert.False(more);
        Assert.Equal(5000, read.Count);
    }

    [Fact]
    public async Task ReadAsync_NoStreamYet_NamesItMissing()
    {
        JobLogReader reader = new(new NoBatch(), new FakeLogGroup(), _time, new LogChoice());

        bool more = await reader.ReadAsync(Job("RUNNING", 1), _ => Assert.Fail(), Stop);

        Assert.True(more);
        Assert.Equal("s/1", reader.Missing.Single().Name);
        Assert.Contains("printed nothing so far", LogAbsence.Explain(Job("RUNNING", 1), missing: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RUNNABLE", "has not started")]
    [InlineData("STARTING", "image is being pulled")]
    [InlineData("SUCCEEDED", "printed nothing")]
    public void Explain_NoLog_SaysWhy(string status, string expected) =>
        Assert.Contains(
            expected, LogAbsence.Explain(new JobDetail { JobId = "id", Status = status }, missing: false), StringComparison.Ordinal);

    [Fact]
    public void Explain_ContainerNeverStarted_GivesTheReason() =>
        Assert.Contains("CannotPull",
            LogAbsence.Explain(new JobDetail { JobId = "id", Status = "FAILED", StatusReason = "CannotPullContainerError" },
                missing: false), StringComparison.Ordinal);

    [Fact]
    public void Explain_OtherLogDriver_SaysSo() =>
        Assert.Contains("splunk",
            LogAbsence.Explain(
                new JobDetail
                {
                    JobId = "id",
                    Status = "RUNNING",
                    Container = new ContainerDetail { LogConfiguration = new LogConfiguration { LogDriver = "splunk" } },
                }, missing: false), StringComparison.Ordinal);

    private async Task DrainAsync(JobLogReader reader, JobDetail job, Action<LogLine> line)
    {
        for (int round = 0; await reader.ReadAsync(job, line, Stop); round++)
        {
            Assert.True(round < 1000, "It does not stop.");
            await Task.Delay(TimeSpan.FromSeconds(1), _time, Stop);
        }
    }

    private static JobDetail Job(string status, int attempt)
    {
        AttemptDetail Ended(int number) => new() { Container = new AttemptContainerDetail { LogStreamName = $"s/{number}" } };
        int ended = status == "RUNNING" ? attempt - 1 : attempt;
        return new JobDetail
        {
            JobId = "id",
            Status = status,
            Attempts = [.. Enumerable.Range(1, ended).Select(Ended)],
            Container = new ContainerDetail { LogStreamName = $"s/{attempt}" },
        };
    }

    private sealed class NoBatch : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => throw new NotSupportedException();
    }

    private sealed class FakeArray(int size) : IAwsTransport
    {
        public string Status { get; set; } = "RUNNING";

        public JobDetail Parent(string status) =>
            new() { JobId = "array", Status = status, ArrayProperties = new ArrayPropertiesDetail { Size = size } };

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            var ask = (DescribeJobsRequest)(object)request;
            Assert.InRange(ask.Jobs.Count, 1, 100);
            return Task.FromResult((TResponse)(object)new DescribeJobsResponse
            {
                Jobs = [.. ask.Jobs.Select(
                    id => new JobDetail
                    {
                        JobId = id,
                        Status = Status,
                        Container = new ContainerDetail { LogStreamName = $"c/{id.Split(':')[1]}" },
                    })],
            });
        }
    }
}
