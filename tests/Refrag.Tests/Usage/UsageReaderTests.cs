using System.Net;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Usage;

namespace Refrag.Tests.Usage;

public sealed class UsageReaderTests
{
    private readonly Logs _logs = new();

    [Fact]
    public async Task OfAsync_LineOfRefragExec_IsTheLastOfTheNewestAttempt()
    {
        _logs.Put("/aws/batch/job", "two", "begun", Line(1), "step", Line(2), "done");
        PartUsage used = Assert.Single(await ReadAsync(Job()));
        Assert.Equal((2, 2), (used.Attempt, used.Used.Samples));
    }

    [Fact]
    public async Task OfAsync_NewestAttemptWithoutALine_IsTheOneBefore()
    {
        _logs.Put("/aws/batch/job", "one", Line(1));
        _logs.Put("/aws/batch/job", "two", "killed before it could say anything");
        Assert.Equal(1, Assert.Single(await ReadAsync(Job())).Attempt);
    }

    [Fact]
    public async Task OfAsync_AllAttempts_HasEach()
    {
        _logs.Put("/aws/batch/job", "one", Line(1));
        _logs.Put("/aws/batch/job", "two", Line(2));
        Assert.Equal([2, 1], (await ReadAsync(Job(), all: true)).Select(used => used.Attempt));
    }

    [Fact]
    public async Task OfAsync_KilledAfterMuchOutput_IsSearchedFor()
    {
        _logs.Put("/aws/batch/job", "two", [Line(1), Line(7), .. Enumerable.Repeat("noise", 1000)]);
        Assert.Equal(7, Assert.Single(await ReadAsync(Job())).Used.Samples);
    }

    [Fact]
    public async Task OfAsync_OwnServer_IsReadFromItsOwnGroup()
    {
        _logs.Put(UsageLine.Group, "two/usage", Line(1), Line(9));
        JobDetail plain = Job() with { Container = Job().Container! with { Command = ["python3", "train.py"] } };
        Assert.Equal(9, Assert.Single(await ReadAsync(plain, ownServer: true)).Used.Samples);
    }

    [Fact]
    public async Task OfAsync_AnotherProgramOnAws_IsNotSearchedFor()
    {
        _logs.Put("/aws/batch/job", "two", "lines");
        JobDetail plain = Job() with { Container = Job().Container! with { Command = ["python3", "train.py"] } };
        Assert.Empty(await ReadAsync(plain));
        Assert.Equal(0, _logs.Asked);
    }

    private Task<IReadOnlyList<PartUsage>> ReadAsync(JobDetail job, bool all = false, bool ownServer = false) =>
        new UsageReader(_logs, _logs, TimeProvider.System) { AsksOwnServer = ownServer }
            .OfAsync(job, all, TestContext.Current.CancellationToken);

    private static JobDetail Job() => new()
    {
        JobId = "3b1f0000-0000-4000-8000-000000000000",
        JobName = "train",
        JobQueue = "queue",
        JobDefinition = "definition",
        Status = JobStatus.Failed,
        StartedAt = 1,
        Container = new ContainerDetail { Command = ["exec", "train", "{}"], LogStreamName = "two" },
        Attempts =
        [
            new AttemptDetail { Container = new AttemptContainerDetail { LogStreamName = "one" } },
            new AttemptDetail { Container = new AttemptContainerDetail { LogStreamName = "two" } },
        ],
    };

    private static string Line(int samples) => UsageLine.Format(new AttemptUsage { Seconds = samples, Samples = samples });

    /// <summary>Streams by group and name, as GetLogEvents and FilterLogEvents answer.</summary>
    private sealed class Logs : IAwsTransport
    {
        private readonly Dictionary<(string Group, string Stream), IReadOnlyList<string>> _streams = [];

        public int Asked { get; private set; }

        public void Put(string group, string stream, params string[] lines) => _streams[(group, stream)] = lines;

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            Asked++;
            return request switch
            {
                GetLogEventsRequest get when _streams.TryGetValue((get.LogGroupName!, get.LogStreamName), out var lines) =>
                    Task.FromResult((TResponse)(object)new GetLogEventsResponse
                    {
                        Events = [.. lines.TakeLast(get.Limit ?? 10_000).Select(line => new OutputLogEvent { Message = line })],
                    }),
                FilterLogEventsRequest filter => Task.FromResult((TResponse)(object)new FilterLogEventsResponse
                {
                    Events = [.. _streams[(filter.LogGroupName!, filter.LogStreamNames![0])]
                        .Where(line => line.Contains(filter.FilterPattern!.Trim('"'), StringComparison.Ordinal))
                        .Select(line => new FilteredLogEvent { Message = line })],
                }),
                _ => Task.FromException<TResponse>(new LogsException(operation.Name,
                    new AwsError(LogsException.ResourceNotFound, "The specified log stream does not exist.", HttpStatusCode.BadRequest))),
            };
        }
    }
}
