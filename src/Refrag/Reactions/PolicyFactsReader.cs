using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Policies;

namespace Refrag.Reactions;

/// <summary>Reads what a policy must know beside the job.</summary>
internal static class PolicyFactsReader
{
    /// <summary>Whether a queue takes jobs.</summary>
    public static async Task<PolicyFacts> ReadAsync(IAwsTransport batch, string queue, CancellationToken cancellationToken)
    {
        DescribeJobQueuesResponse found = await batch.SendAsync(
            BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest { JobQueues = [queue] }, cancellationToken);
        bool takes = found.JobQueues is [{ } known, ..] && known.State != JQState.Disabled
            && known.Status is not (JQStatus.Invalid or JQStatus.Deleting or JQStatus.Deleted);
        return new PolicyFacts
        {
            TakesJobs = new Dictionary<string, bool>(StringComparer.Ordinal) { [JobObservation.ShortName(queue)] = takes },
        };
    }
}
