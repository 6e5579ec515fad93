using System.Runtime.ExceptionServices;
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
        return new PolicyFacts
        {
            TakesJobs = new Dictionary<string, bool>(StringComparer.Ordinal)
            {
                [JobObservation.ShortName(queue)] = await TakesAsync(batch, queue, cancellationToken),
            },
        };
    }

    /// <summary>
    /// Which regions have a queue and a definition that take a job. One that cannot be asked takes none now; if no other does, that is
    /// thrown, where asking again may help.
    /// </summary>
    public static async Task<PolicyFacts> ReadAsync(
        Func<string, IAwsTransport> regions, RegionMoves moves, string queue, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Dictionary<string, bool> takes = new(StringComparer.Ordinal);
        AwsException? unanswered = null;
        foreach (string region in moves.Next)
        {
            try
            {
                IAwsTransport there = regions(region);
                takes[region] = await TakesAsync(there, queue, cancellationToken)
                    && await HasAsync(there, moves.Definition, cancellationToken);
            }
            catch (AwsException failure)
            {
                takes[region] = false;
                if (failure.MayPass) unanswered = failure;
            }
        }
        if (unanswered is not null && !takes.ContainsValue(true)) ExceptionDispatchInfo.Throw(unanswered);
        return new PolicyFacts { Now = now, RegionTakesJobs = takes };
    }

    private static async Task<bool> HasAsync(IAwsTransport batch, string definition, CancellationToken cancellationToken)
    {
        bool isRevision = definition.Contains(':', StringComparison.Ordinal);
        DescribeJobDefinitionsRequest request = isRevision
            ? new() { JobDefinitions = [definition] }
            : new() { JobDefinitionName = definition, Status = JobDefinitionStatus.Active };
        return await batch.ItemsAsync(BatchOperations.DescribeJobDefinitions, request, page => page.JobDefinitions, cancellationToken)
            .AnyAsync(one => one.Status == JobDefinitionStatus.Active, cancellationToken);
    }

    private static async Task<bool> TakesAsync(IAwsTransport batch, string queue, CancellationToken cancellationToken)
    {
        DescribeJobQueuesResponse found = await batch.SendAsync(
            BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest { JobQueues = [queue] }, cancellationToken);
        return found.JobQueues is [{ } known, ..] && known.State != JQState.Disabled
            && known.Status is not (JQStatus.Invalid or JQStatus.Deleting or JQStatus.Deleted);
    }
}
