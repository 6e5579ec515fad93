using System.Net;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Tests;

/// <summary>A Batch that keeps what it is given, and fails as a test sets it up, before or after a request takes effect.</summary>
internal sealed class FakeBatch : IAwsTransport
{
    private readonly List<JobDetail> _jobs = [];
    private readonly List<JobDefinition> _definitions = [];

    /// <summary>What to throw before the nth request of an operation takes effect; null for nothing.</summary>
    public Func<string, int, Exception?> Before { get; init; } = static (_, _) => null;

    /// <summary>What to throw after it took effect.</summary>
    public Func<string, int, Exception?> After { get; init; } = static (_, _) => null;

    /// <summary>How many ListJobs a new job stays hidden from.</summary>
    public int HiddenLooks { get; init; }

    public int PageSize { get; init; } = 100;

    public List<string> Calls { get; } = [];

    public IReadOnlyList<JobDetail> Jobs => _jobs;

    public IReadOnlyList<JobDefinition> Definitions => _definitions;

    public static AwsConnectionException Lost(string operation) =>
        new(AwsService.Batch, operation, new Uri("http://batch.test"), answerLost: true, new IOException("reset"));

    public static AwsConnectionException Unreachable(string operation) =>
        new(AwsService.Batch, operation, new Uri("http://batch.test"), answerLost: false, new IOException("refused"));

    public static BatchException Throttled(string operation) =>
        new(operation, new AwsError("TooManyRequestsException", "slow down", HttpStatusCode.TooManyRequests));

    public void Add(string name, string? submission, long createdAt = 0) => _jobs.Add(new JobDetail
    {
        JobId = $"job-{_jobs.Count + 1}",
        JobName = name,
        CreatedAt = createdAt,
        Status = JobStatus.Succeeded,
        Tags = submission is null ? null : new Dictionary<string, string> { ["refrag:submission-id"] = submission },
    });

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        cancellationToken.ThrowIfCancellationRequested();
        Assert.Empty(BatchLimits.Check(operation, request));
        Calls.Add(operation.Name);
        int number = Calls.Count(c => c == operation.Name);
        if (Before(operation.Name, number) is { } before) return Task.FromException<TResponse>(before);
        object answer = Answer(request);
        return After(operation.Name, number) is { } after ? Task.FromException<TResponse>(after) : Task.FromResult((TResponse)answer);
    }

    private object Answer(object request) => request switch
    {
        SubmitJobRequest submit => Submit(submit),
        ListJobsRequest list => List(list),
        DescribeJobsRequest describe => new DescribeJobsResponse { Jobs = [.. _jobs.Where(j => describe.Jobs.Contains(j.JobId))] },
        RegisterJobDefinitionRequest register => Register(register),
        DescribeJobDefinitionsRequest describe => Describe(describe),
        _ => throw new NotSupportedException(request.GetType().Name),
    };

    private SubmitJobResponse Submit(SubmitJobRequest request)
    {
        Add(request.JobName, request.Tags!["refrag:submission-id"], createdAt: 10_000_000);
        return new SubmitJobResponse { JobId = _jobs[^1].JobId, JobName = request.JobName, JobArn = "arn" };
    }

    private ListJobsResponse List(ListJobsRequest request)
    {
        bool isHidden = Calls.Count(c => c == "ListJobs") <= HiddenLooks;
        // The filter ignores case, as Batch's does.
        var matches =
            _jobs.Where(
                j => string.Equals(j.JobName, request.Filters![0].Values![0], StringComparison.OrdinalIgnoreCase)
                    && !(isHidden && j.CreatedAt == 10_000_000)).ToList();
        int start = request.NextToken is { } token ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        var page = matches.Skip(start)
            .Take(PageSize).Select(j => new JobSummary { JobId = j.JobId, JobName = j.JobName, CreatedAt = j.CreatedAt }).ToList();
        return new ListJobsResponse { JobSummaryList = page, NextToken = start + PageSize < matches.Count ? $"{start + PageSize}" : null };
    }

    private RegisterJobDefinitionResponse Register(RegisterJobDefinitionRequest request)
    {
        int revision = _definitions.Count(d => d.JobDefinitionName == request.JobDefinitionName) + 1;
        _definitions.Add(
            new JobDefinition
            {
                JobDefinitionName = request.JobDefinitionName,
                Revision = revision,
                JobDefinitionArn = $"arn:{revision}",
                Status = "ACTIVE",
                Tags = request.Tags,
            });
        return new RegisterJobDefinitionResponse
        {
            JobDefinitionName = request.JobDefinitionName,
            Revision = revision,
            JobDefinitionArn = $"arn:{revision}",
        };
    }

    private DescribeJobDefinitionsResponse Describe(DescribeJobDefinitionsRequest request)
    {
        var matches = _definitions.Where(d => d.JobDefinitionName == request.JobDefinitionName && d.Status == request.Status).ToList();
        int start = request.NextToken is { } token ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        return new DescribeJobDefinitionsResponse
        {
            JobDefinitions = [.. matches.Skip(start).Take(PageSize)],
            NextToken = start + PageSize < matches.Count ? $"{start + PageSize}" : null,
        };
    }

    public void Deregister(int index) => _definitions[index] = _definitions[index] with { Status = "INACTIVE" };
}
