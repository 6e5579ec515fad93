using Refrag.Aws.Batch;
using Refrag.JobLogs;

namespace Refrag.Tests.JobLogs;

public sealed class JobStreamsTests
{
    [Fact]
    public void Of_TaskOfSeveralContainers_HasThoseOfEachAndTheDecidersLast()
    {
        JobDetail job = Job(
            [Container("main", "main/2"), Container("side", "side/2") with { Essential = false, LogConfiguration = Group("/mine") }],
            [Attempt("main/1", ("main", "main/1"), ("side", "side/1")), Attempt("main/2", ("main", "main/2"), ("side", "side/2"))]);
        Assert.Equal(
            [new JobStream("/mine", "side/1", null, 1), new("/aws/batch/job", "main/1", null, 1), new("/mine", "side/2", null, 2),
                new("/aws/batch/job", "main/2", null, 2)],
            JobStreams.Of(job));
    }

    [Fact]
    public void Of_TaskThatRuns_HasThoseThatHaveBegun()
    {
        JobDetail job = Job([Container("main", null), Container("init", "init/1") with { Essential = false }], []);
        Assert.Equal([new JobStream("/aws/batch/job", "init/1", null, 1)], JobStreams.Of(job));
    }

    private static JobDetail Job(IReadOnlyList<TaskContainerDetails> containers, IReadOnlyList<AttemptDetail> attempts) => new()
    {
        JobId = "a",
        JobName = "a",
        JobQueue = "q",
        JobDefinition = "d:1",
        Status = "RUNNING",
        StartedAt = 1,
        Attempts = attempts,
        EcsProperties = new EcsPropertiesDetail { TaskProperties = [new EcsTaskDetails { Containers = containers }] },
    };

    private static TaskContainerDetails Container(string name, string? stream) =>
        new() { Name = name, LogStreamName = stream, Essential = true };

    private static LogConfiguration Group(string name) =>
        new() { LogDriver = "awslogs", Options = new Dictionary<string, string> { ["awslogs-group"] = name } };

    private static AttemptDetail Attempt(string decider, params (string Name, string Stream)[] containers) => new()
    {
        Container = new AttemptContainerDetail { LogStreamName = decider },
        TaskProperties = [new AttemptEcsTaskDetails
        {
            Containers = [.. containers.Select(one => new AttemptTaskContainerDetails { Name = one.Name, LogStreamName = one.Stream })],
        }],
    };
}
