using Refrag.Aws.Batch;

namespace Refrag.Cli.LocalRuns;

/// <summary>Answers of several runs, put together.</summary>
internal static class RunMerge
{
    /// <summary>The jobs, each from the run that has it.</summary>
    public static async Task<DescribeJobsResponse> JobsAsync(Asking asking, DescribeJobsRequest request)
    {
        List<JobDetail> found = [];
        HashSet<string> left = [.. request.Jobs];
        foreach (KnownRun run in asking.Newest)
        {
            if (left.Count == 0) break;
            if (await asking.AskAsync(run, request with { Jobs = [.. left] }) is not DescribeJobsResponse { Jobs: { Count: > 0 } jobs }) continue;
            found.AddRange(jobs);
            foreach (JobDetail job in jobs)
            {
                left.Remove(job.JobId);
                asking.Remember(job.JobId, run);
            }
        }
        return new DescribeJobsResponse { Jobs = found };
    }

    /// <summary>Queues, environments or definitions of all runs, each once: as the newest run has it.</summary>
    public static async Task<object> ResourcesAsync(Asking asking, object request)
    {
        List<object> answers = [];
        foreach (KnownRun run in asking.Newest)
        {
            if (await AllAsync(asking, run, request) is { } answer) answers.Add(answer);
        }
        answers.Add(await asking.EmptyAsync(request));
        return request switch
        {
            DescribeJobQueuesRequest => new DescribeJobQueuesResponse
            {
                JobQueues = [.. answers.OfType<DescribeJobQueuesResponse>().SelectMany(a => a.JobQueues ?? []).DistinctBy(q => q.JobQueueName, StringComparer.Ordinal)],
            },
            DescribeComputeEnvironmentsRequest => new DescribeComputeEnvironmentsResponse
            {
                ComputeEnvironments = [.. answers.OfType<DescribeComputeEnvironmentsResponse>().SelectMany(a => a.ComputeEnvironments ?? []).DistinctBy(e => e.ComputeEnvironmentName, StringComparer.Ordinal)],
            },
            _ => new DescribeJobDefinitionsResponse
            {
                JobDefinitions = [.. answers.OfType<DescribeJobDefinitionsResponse>().SelectMany(a => a.JobDefinitions ?? []).DistinctBy(d => d.JobDefinitionArn, StringComparer.Ordinal)],
            },
        };
    }

    // All in one page: a run has few of them.
    private static Task<object?> AllAsync(Asking asking, KnownRun run, object request) => asking.AskAsync(run, request switch
    {
        DescribeJobQueuesRequest queues => queues with { MaxResults = null, NextToken = null },
        DescribeComputeEnvironmentsRequest environments => environments with { MaxResults = null, NextToken = null },
        DescribeJobDefinitionsRequest definitions => definitions with { MaxResults = null, NextToken = null },
        _ => request,
    });
}
