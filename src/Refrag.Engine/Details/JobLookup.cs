using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.State;
using Refrag.Engine.Store;

namespace Refrag.Engine.Details;

/// <summary>Jobs, children and nodes by their ids, as DescribeJobs shows them.</summary>
internal static class JobLookup
{
    /// <summary>A job, child or node as it is; null if there is none.</summary>
    public static JobDetail? Find(EngineState state, string id) => InMemory(state, id) ?? Stored(state.Store, id);

    /// <summary>One that is in memory; null if it is not.</summary>
    public static JobDetail? InMemory(EngineState state, string id)
    {
        var (jobId, node) = JobIds.Split(id);
        return state.Jobs.TryGet(jobId, out Job? job) ? Detail(job, state.Jobs.ChildStates(job), node) : null;
    }

    /// <summary>One that has ended and is stored; null if it is not. From any thread.</summary>
    public static JobDetail? Stored(IStateStore store, string id)
    {
        var (jobId, node) = JobIds.Split(id);
        return store.Find(jobId) is { } job ? Detail(job, ChildStates.Of(job), node) : null;
    }

    private static JobDetail? Detail(Job job, ChildStates children, int? node)
    {
        if (job.Plan.Kind is not JobKind.Job) return null;
        if (node is not null && (!job.Plan.IsMultiNode || node >= job.Plan.Nodes.Count)) return null;
        return JobDetails.Describe(job, children, node);
    }
}
