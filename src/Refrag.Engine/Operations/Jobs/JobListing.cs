using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Details;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.State;
using Refrag.Engine.Store;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>ListJobs.</summary>
internal static class JobListing
{
    public static OperationResult<ListJobsResponse> List(EngineState state, ListJobsRequest request) => request switch
    {
        { ArrayJobId: { } arrayId, JobQueue: null, MultiNodeJobId: null } => Children(state, request, LocalArn.NameOf(arrayId)),
        { MultiNodeJobId: { } jobId, JobQueue: null, ArrayJobId: null } => Nodes(state, request, LocalArn.NameOf(jobId)),
        { JobQueue: { } queue, ArrayJobId: null, MultiNodeJobId: null } => InQueue(state, request, queue),
        _ => throw new Refusal("Give exactly one of jobQueue, arrayJobId and multiNodeJobId."),
    };

    private static OperationResult<ListJobsResponse> InQueue(EngineState state, ListJobsRequest request, string queueName)
    {
        JobQueueDetail queue = state.JobQueues.Find(queueName) ?? throw new Refusal($"There is no job queue {queueName}.");
        EndedQuery query = ListFilters.Read(request.Filters, request.JobStatus ?? JobStatus.Running, request.JobStatus, JobStatus.All) with
        {
            Queue = queue.JobQueueName,
        };
        int most = request.Filters is { Count: > 0 } ? BatchLimits.Page : BatchLimits.JobsPage;
        return JobPages.Of(
            state, query, $"ListJobs {query}", request.NextToken, Math.Clamp(request.MaxResults ?? most, 1, most),
            (job, children) => JobSummaries.Summarize(job, children),
            (page, next) => new ListJobsResponse { JobSummaryList = page, NextToken = next });
    }

    private static OperationResult<ListJobsResponse> Children(EngineState state, ListJobsRequest request, string arrayId)
    {
        Job? parent = state.Find(arrayId);
        if (parent?.IsArrayParent != true) throw new Refusal($"There is no array job {arrayId}.");
        string status = Status(request);
        string question = $"ListJobs {arrayId} {status}";
        int from = PageToken.Read(question, request.NextToken) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) + 1 : 0;
        int size = Math.Clamp(request.MaxResults ?? BatchLimits.JobsPage, 1, BatchLimits.JobsPage);
        if (state.Jobs.TryGet(arrayId, out _)) return Cut(state.Jobs.Children(parent, from));
        IStateStore store = state.Store;
        return OperationResult<ListJobsResponse>.ReadLater(() => Cut(store.Children(arrayId, from)));
        ListJobsResponse Cut(IEnumerable<Job> children)
        {
            List<Job> found = [.. children.Where(job => job.State.ToStatus() == status).Take(size + 1)];
            bool isLast = found.Count <= size;
            IEnumerable<Job> page = found.Take(size);
            return new ListJobsResponse
            {
                JobSummaryList = [.. page.Select(job => JobSummaries.Summarize(job, ChildStates.None))],
                NextToken = isLast
                    ? null
                    : PageToken.Write(question, string.Create(CultureInfo.InvariantCulture, $"{found[size - 1].Index}")),
            };
        }
    }

    private static ListJobsResponse Nodes(EngineState state, ListJobsRequest request, string jobId)
    {
        Job? job = state.Find(jobId);
        if (job?.Plan.IsMultiNode != true) throw new Refusal($"There is no multi-node job {jobId}.");
        IEnumerable<int> nodes = Enumerable.Range(0, job.Plan.Nodes.Count)
            .Where(node => request.JobStatus is not { } status || status == NodeOutcome.State(job, node).ToStatus());
        var (page, next) =
            Page.Of(nodes, index => Page.Key(index), $"ListJobs {jobId} {request.JobStatus}", request.NextToken, request.MaxResults,
                BatchLimits.JobsPage);
        return new ListJobsResponse
        {
            JobSummaryList = [.. page.Select(index => JobSummaries.Summarize(job, ChildStates.None, index))],
            NextToken = next,
        };
    }

    // Filters do not apply to children; without a status only those that run are listed. (API ListJobs)
    private static string Status(ListJobsRequest request)
    {
        string status = request.JobStatus ?? JobStatus.Running;
        return JobStatus.All.Contains(status)
            ? status
            : throw new Refusal($"The job status {status} is unknown. Use one of {string.Join(", ", JobStatus.All)}.");
    }
}
