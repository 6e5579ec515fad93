using System.Collections.Concurrent;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;

namespace Refrag.Dashboard.Tests;

/// <summary>Batch with one queue and jobs that the test sets, whatever their names.</summary>
internal sealed class FakeBatch : IAwsTransport
{
    public const string Queue = "queue";

    private readonly OperationHandlers<FakeBatch> _handlers = new OperationHandlers<FakeBatch>()
        .On(BatchOperations.DescribeJobQueues, static (batch, _) => batch.Answer(new DescribeJobQueuesResponse
        {
            JobQueues =
            [
                new JobQueueDetail
                {
                    JobQueueName = Queue, JobQueueArn = $"arn:aws:batch:us-east-1:000000000000:job-queue/{Queue}", State = JQState.Enabled,
                    Priority = 1, ComputeEnvironmentOrder = [],
                },
            ],
        }))
        .On(BatchOperations.ListJobs, static (batch, request) => batch.Answer(batch.List(request)))
        .On(BatchOperations.DescribeJobs, static (batch, request) => batch.Answer(new DescribeJobsResponse
        {
            Jobs = [.. (request.Jobs ?? []).Where(batch.Jobs.ContainsKey).Select(id => batch.Jobs[id])],
        }))
        .On(BatchOperations.CancelJob, static (batch, request) => batch.End(request.JobId, "cancel", new CancelJobResponse()))
        .On(BatchOperations.TerminateJob, static (batch, request) => batch.End(request.JobId, "terminate", new TerminateJobResponse()))
        .On(BatchOperations.GetJobQueueSnapshot, static (batch, _) => batch.Answer(new GetJobQueueSnapshotResponse
        {
            FrontOfQueue = new FrontOfQueueDetail
            {
                Jobs =
                [
                    .. batch.Front.Select(id => new FrontOfQueueJobSummary { JobArn = $"arn:aws:batch:us-east-1:000000000000:job/{id}" }),
                ],
            },
        }))
        .On(LogsOperations.GetLogEvents, static (batch, request) => batch.Answer(new GetLogEventsResponse
        {
            Events = request.NextToken is null
                ? [.. batch.Lines.Select((line, i) => new OutputLogEvent { Message = line, Timestamp = 1_000 + i })]
                : [],
            NextForwardToken = "f/1",
        }));

    public ConcurrentDictionary<string, JobDetail> Jobs { get; } = new(StringComparer.Ordinal);

    public ConcurrentQueue<string> Ended { get; } = new();

    public IReadOnlyList<string> Lines { get; set; } = [];

    /// <summary>What ending or repeating a job fails with.</summary>
    public ConcurrentDictionary<string, AwsException> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>How many requests of an operation, by its name, are refused, and with which code; those after them are answered.</summary>
    public ConcurrentDictionary<string, (int Times, string Code)> Refusals { get; } = new(StringComparer.Ordinal);

    /// <summary>The ids at the front of the queue.</summary>
    public IReadOnlyList<string> Front { get; set; } = [];

    /// <summary>A network that breaks after the request was sent.</summary>
    public static AwsException AnswerLost(string operation) =>
        new AwsConnectionException(AwsService.Batch, operation, new Uri("http://127.0.0.1:1"), answerLost: true, new IOException("reset"));

    /// <summary>Thrown at the next request, once: a fault that is not Batch's.</summary>
    public Exception? Bug { get; set; }

    /// <summary>Whether it answers nothing.</summary>
    public bool IsAway { get; set; }

    public static JobDetail Job(string id, string status, string name = "train") => new()
    {
        JobId = id,
        JobName = name,
        JobQueue = $"arn:aws:batch:us-east-1:000000000000:job-queue/{Queue}",
        JobDefinition = "definition:1",
        Status = status,
        CreatedAt = 1_000,
        StartedAt = status is JobStatus.Running or JobStatus.Succeeded or JobStatus.Failed ? 2_000 : null,
        StoppedAt = status is JobStatus.Succeeded or JobStatus.Failed ? 3_000 : null,
    };

    public void Put(params JobDetail[] jobs)
    {
        foreach (JobDetail job in jobs) Jobs[job.JobId] = job;
    }

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsAway)
            throw operation.Failure(new AwsError("ServerException", "It is away", System.Net.HttpStatusCode.ServiceUnavailable, null));
        if (Bug is { } bug)
        {
            Bug = null;
            throw bug;
        }
        if (Refusals.TryGetValue(operation.Name, out var refusal) && refusal.Times > 0)
        {
            Refusals[operation.Name] = refusal with { Times = refusal.Times - 1 };
            throw operation.Failure(new AwsError(refusal.Code, "Not now", System.Net.HttpStatusCode.BadRequest, null));
        }
        return _handlers.Find(operation) is { } handler
            ? handler(this, request)
            : throw operation.Failure(
                new AwsError("ClientException", "It does not know that", System.Net.HttpStatusCode.BadRequest, null));
    }

    private Task<T> Answer<T>(T answer) => Task.FromResult(answer);

    private Task<T> End<T>(string id, string how, T answer)
    {
        Ended.Enqueue($"{how} {id}");
        if (Faults.TryGetValue(id, out AwsException? fault)) throw fault;
        Put(Jobs[id] with { Status = JobStatus.Failed, StoppedAt = 4_000 });
        return Task.FromResult(answer);
    }

    private ListJobsResponse List(ListJobsRequest request) => new()
    {
        JobSummaryList = [.. Jobs.Values.Where(job => request.JobStatus is null || job.Status == request.JobStatus)
            .OrderBy(job => job.JobId, StringComparer.Ordinal).Select(Summary)],
    };

    private static JobSummary Summary(JobDetail job) => new()
    {
        JobId = job.JobId,
        JobName = job.JobName,
        Status = job.Status,
        StatusReason = job.StatusReason,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        StoppedAt = job.StoppedAt,
    };
}
