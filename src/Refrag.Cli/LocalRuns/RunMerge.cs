using Refrag.Aws.Batch;

namespace Refrag.Cli.LocalRuns;

/// <summary>Answers of several runs, put together.</summary>
internal static class RunMerge
{
    /// <summary>The jobs, each from the run that has it.</summary>
    public static async Task<DescribeJobsResponse> JobsAsync(RunQuery query, DescribeJobsRequest request)
    {
        List<JobDetail> found = [];
        HashSet<string> left = [.. request.Jobs];
        foreach (KnownRun run in query.Newest)
        {
            if (left.Count == 0) break;
            if (await query.AskAsync(run, BatchOperations.DescribeJobs,
                request with { Jobs = [.. left] }) is not DescribeJobsResponse { Jobs: { Count: > 0 } jobs }) continue;
            found.AddRange(jobs);
            foreach (JobDetail job in jobs)
            {
                left.Remove(job.JobId);
                query.Remember(job.JobId, run);
            }
        }
        return new DescribeJobsResponse { Jobs = found };
    }

    /// <summary>The queues of all runs, each once: as the newest run has it. All in one page: a run has few of them.</summary>
    public static async Task<DescribeJobQueuesResponse> QueuesAsync(RunQuery query, DescribeJobQueuesRequest request)
    {
        var answers = await query.AllAsync(BatchOperations.DescribeJobQueues, request with { MaxResults = null, NextToken = null });
        return new() { JobQueues = Each(answers.SelectMany(answer => answer.JobQueues ?? []), queue => queue.JobQueueName) };
    }

    /// <summary>The compute environments, likewise.</summary>
    public static async Task<DescribeComputeEnvironmentsResponse> EnvironmentsAsync(
        RunQuery query, DescribeComputeEnvironmentsRequest request)
    {
        var answers =
            await query.AllAsync(BatchOperations.DescribeComputeEnvironments, request with { MaxResults = null, NextToken = null });
        return new()
        {
            ComputeEnvironments = Each(answers.SelectMany(answer => answer.ComputeEnvironments ?? []), one => one.ComputeEnvironmentName),
        };
    }

    /// <summary>The job definitions, likewise.</summary>
    public static async Task<DescribeJobDefinitionsResponse> DefinitionsAsync(RunQuery query, DescribeJobDefinitionsRequest request)
    {
        var answers = await query.AllAsync(BatchOperations.DescribeJobDefinitions, request with { MaxResults = null, NextToken = null });
        return new() { JobDefinitions = Each(answers.SelectMany(answer => answer.JobDefinitions ?? []), one => one.JobDefinitionArn) };
    }

    private static IReadOnlyList<T> Each<T>(IEnumerable<T> found, Func<T, string> name) =>
        [.. found.DistinctBy(name, StringComparer.Ordinal)];
}
