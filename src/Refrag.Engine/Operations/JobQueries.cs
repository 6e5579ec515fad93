using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;

namespace Refrag.Engine.Operations;

/// <summary>DescribeJobs and ListJobs.</summary>
internal static class JobQueries
{
    private const int MostIds = 100;
    private const int MostPerPage = 1000;
    private const int MostPerFilteredPage = 100;

    public static DescribeJobsResponse Describe(EngineState state, DescribeJobsRequest request)
    {
        if (request.Jobs.Count > MostIds) throw new Refusal($"{request.Jobs.Count} ids are too many for one call. Ask for at most {MostIds}.");
        // Ids that are not known are left out, as Batch does.
        return new DescribeJobsResponse { Jobs = [.. request.Jobs.Distinct().Select(id => Describe(state, LocalArn.NameOf(id))).OfType<JobDetail>()] };
    }

    /// <summary>A job, child or node as it is; null where there is none.</summary>
    public static JobDetail? Describe(EngineState state, string id)
    {
        var (jobId, node) = JobIds.Split(id);
        if (!state.Jobs.TryGet(jobId, out Job? job)) return null;
        if (node is not null && (!job.Plan.IsMultiNode || node >= job.Plan.Nodes.Count)) return null;
        return JobDetails.Describe(job, state.Jobs.ChildStates(job.Id), node);
    }

    public static ListJobsResponse List(EngineState state, ListJobsRequest request)
    {
        IEnumerable<JobSummary> found = request switch
        {
            { ArrayJobId: { } arrayId, JobQueue: null, MultiNodeJobId: null } => Children(state, request, arrayId),
            { MultiNodeJobId: { } jobId, JobQueue: null, ArrayJobId: null } => Nodes(state, jobId),
            { JobQueue: { } queue, ArrayJobId: null, MultiNodeJobId: null } => InQueue(state, request, queue),
            _ => throw new Refusal("Give exactly one of jobQueue, arrayJobId and multiNodeJobId."),
        };
        int most = request.Filters is { Count: > 0 } ? MostPerFilteredPage : MostPerPage;
        var (page, next) = Paging.Take([.. found], request.NextToken, request.MaxResults, most);
        return new ListJobsResponse { JobSummaryList = page ?? throw new Refusal("The nextToken is not one of this engine's."), NextToken = next };
    }

    private static IEnumerable<JobSummary> InQueue(EngineState state, ListJobsRequest request, string queueName)
    {
        LocalQueue queue = state.FindQueue(queueName) ?? throw new Refusal($"There is no job queue {queueName}.");
        IEnumerable<Job> jobs = state.Jobs.Submissions.Where(job => job.Plan.Queue == queue.Name);
        return Select(jobs, request).Select(job => JobSummaries.Summarize(job, state.Jobs.ChildStates(job.Id)));
    }

    private static IEnumerable<JobSummary> Children(EngineState state, ListJobsRequest request, string arrayId) =>
        state.Jobs.TryGet(arrayId, out Job? parent) && parent.IsArrayParent
            ? Select(state.Jobs.Children(parent), request).Select(job => JobSummaries.Summarize(job, state.Jobs.ChildStates(job.Id)))
            : throw new Refusal($"There is no array job {arrayId}.");

    private static IEnumerable<JobSummary> Nodes(EngineState state, string jobId) =>
        state.Jobs.TryGet(jobId, out Job? job) && job.Plan.IsMultiNode
            ? Enumerable.Range(0, job.Plan.Nodes.Count).Select(node => JobSummaries.Summarize(job, state.Jobs.ChildStates(job.Id), node))
            : throw new Refusal($"There is no multi-node job {jobId}.");

    // Filters look at jobs of every status; without one only a status is listed, RUNNING where none is named. (API ListJobs)
    private static IEnumerable<Job> Select(IEnumerable<Job> jobs, ListJobsRequest request)
    {
        if (request.Filters is not { Count: > 0 } filters)
        {
            string status = request.JobStatus ?? JobStatus.Running;
            return JobStatus.All.Contains(status) ? jobs.Where(job => job.State.ToStatus() == status) : throw new Refusal($"The job status {status} is unknown.");
        }
        List<Func<Job, bool>> tests =
            [.. filters.Select(one => JobSummaries.Filter(one) ?? throw new Refusal($"The filter {one.Name} is unknown."))];
        return jobs.Where(job => tests.TrueForAll(test => test(job)));
    }
}
