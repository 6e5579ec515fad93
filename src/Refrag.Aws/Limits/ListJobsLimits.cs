namespace Refrag.Aws.Batch;

/// <summary>What ListJobs' members must fulfil together. (API ListJobs: one of queue, array and multi-node job)</summary>
internal static class ListJobsLimits
{
    public static IEnumerable<Problem> Check(ListJobsRequest request)
    {
        int given = (request.JobQueue is null ? 0 : 1) + (request.ArrayJobId is null ? 0 : 1) + (request.MultiNodeJobId is null ? 0 : 1);
        if (given != 1)
            yield return LimitProblems.Contradiction(
                $"ListJobs names {given} of jobQueue, arrayJobId and multiNodeJobId", "Name exactly one of them.");
    }
}
