using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Cli.Tests;

/// <summary>A Batch that answers each DescribeJobs with the next of several lists of jobs, and repeats the last one.</summary>
internal sealed class DescribedJobs(params IReadOnlyList<JobDetail>[] answers) : IAwsTransport
{
    /// <summary>The ids of each question.</summary>
    public List<IReadOnlyList<string>> Asked { get; } = [];

    public Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        if (request is not DescribeJobsRequest describe) throw new NotSupportedException(operation.Name);
        IReadOnlyList<JobDetail> jobs = answers.Length == 0 ? [] : answers[Math.Min(Asked.Count, answers.Length - 1)];
        Asked.Add(describe.Jobs);
        return Task.FromResult((TResponse)(object)new DescribeJobsResponse { Jobs = jobs });
    }
}
