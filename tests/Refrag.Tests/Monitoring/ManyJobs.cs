using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Tests.Monitoring;

/// <summary>A queue of very many jobs, made page by page as they are asked for, so that none is held.</summary>
internal sealed class ManyJobs(int count) : IAwsTransport
{
    public int Requests { get; private set; }

    /// <summary>The most jobs that a test had not yet taken when the next page was asked for.</summary>
    public int Handed { get; private set; }

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        Assert.Empty(BatchLimits.Check(operation, request));
        Requests++;
        return Task.FromResult((TResponse)(object)(request switch
        {
            ListJobsRequest list => Page(list),
            DescribeJobsRequest describe =>
                new DescribeJobsResponse
                {
                    Jobs = [.. describe.Jobs.Select(
                        id => new JobDetail
                        {
                            JobId = id,
                            Tags = new Dictionary<string, string> { ["app"] = id.EndsWith('7') ? "train" : "other" },
                        })],
                },
            _ => throw new NotSupportedException(),
        }));
    }

    private ListJobsResponse Page(ListJobsRequest request)
    {
        if (request.JobStatus is not (null or "SUCCEEDED")) return new ListJobsResponse();
        int start = request.NextToken is { } token ? int.Parse(token, CultureInfo.InvariantCulture) : 0;
        int size = Math.Min(request.MaxResults ?? 100, count - start);
        Handed += size;
        return new ListJobsResponse
        {
            JobSummaryList = [.. Enumerable.Range(start, size)
                .Select(i => new JobSummary { JobId = $"job-{i}", JobName = $"name-{i % 10}", Status = "SUCCEEDED", CreatedAt = i })],
            NextToken = start + size < count ? $"{start + size}" : null,
        };
    }
}
