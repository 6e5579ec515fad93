using Refrag.Aws.Batch;
using Refrag.Engine.Details;
using Refrag.Engine.Names;
using Refrag.Engine.State;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>DescribeJobs.</summary>
internal static class JobQueries
{

    public static OperationResult<DescribeJobsResponse> Describe(EngineState state, DescribeJobsRequest request)
    {
        if (request.Jobs.Count > BatchLimits.DescribedJobs)
            throw new Refusal($"{request.Jobs.Count} ids are too many for one call. Ask for at most {BatchLimits.DescribedJobs}.");
        string[] ids = [.. request.Jobs.Select(LocalArn.NameOf).Distinct()];
        var here = ids.Select(id => JobLookup.InMemory(state, id)).ToList();
        // Ids that are not known are left out, as Batch does.
        return here.TrueForAll(one => one is not null)
            ? new DescribeJobsResponse { Jobs = [.. here.OfType<JobDetail>()] }
            : OperationResult<DescribeJobsResponse>.ReadLater(() => new DescribeJobsResponse
            {
                Jobs = [.. here.Select((one, at) => one ?? JobLookup.Stored(state.Store, ids[at])).OfType<JobDetail>()],
            });
    }
}
