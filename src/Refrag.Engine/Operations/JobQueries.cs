using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;
using Refrag.Engine.Store;

namespace Refrag.Engine.Operations;

/// <summary>DescribeJobs.</summary>
internal static class JobQueries
{
    private const int MostIds = 100;
    private static readonly IReadOnlyDictionary<JobState, int> s_none = new Dictionary<JobState, int>();

    public static OperationResult<DescribeJobsResponse> Describe(EngineState state, DescribeJobsRequest request)
    {
        if (request.Jobs.Count > MostIds) throw new Refusal($"{request.Jobs.Count} ids are too many for one call. Ask for at most {MostIds}.");
        string[] ids = [.. request.Jobs.Select(LocalArn.NameOf).Distinct()];
        var here = ids.Select(id => InMemory(state, id)).ToList();
        // Ids that are not known are left out, as Batch does.
        return here.TrueForAll(one => one is not null)
            ? new DescribeJobsResponse { Jobs = [.. here.OfType<JobDetail>()] }
            : OperationResult<DescribeJobsResponse>.ReadLater(() => new DescribeJobsResponse
            {
                Jobs = [.. here.Select((one, at) => one ?? Stored(state.Store, ids[at])).OfType<JobDetail>()],
            });
    }

    /// <summary>A job, child or node as it is; null where there is none.</summary>
    public static JobDetail? Describe(EngineState state, string id) => InMemory(state, id) ?? Stored(state.Store, id);

    private static JobDetail? InMemory(EngineState state, string id)
    {
        var (jobId, node) = JobIds.Split(id);
        return state.Jobs.TryGet(jobId, out Job? job) ? Detail(job, state.Jobs.ChildStates(job), node) : null;
    }

    private static JobDetail? Stored(IStateStore store, string id)
    {
        var (jobId, node) = JobIds.Split(id);
        return store.Find(jobId) is { } job ? Detail(job, job.ChildCounts ?? s_none, node) : null;
    }

    private static JobDetail? Detail(Job job, IReadOnlyDictionary<JobState, int> children, int? node)
    {
        if (job.Plan.Kind is not JobKind.Job) return null;
        if (node is not null && (!job.Plan.IsMultiNode || node >= job.Plan.Nodes.Count)) return null;
        return JobDetails.Describe(job, children, node);
    }
}
