using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;

namespace Refrag.Diagnosis;

/// <summary>How good EC2 finds the chances of Spot instances now: its Spot placement score.</summary>
/// <param name="Score">From 1, hardly any, to 10.</param>
/// <param name="VCpus">For how many vCPUs.</param>
/// <param name="Types">Of how many types.</param>
public sealed record SpotChance(int Score, int VCpus, int Types);

/// <summary>Asks EC2 for its score where a job has waited for Spot instances, or has lost them.</summary>
internal sealed class SpotChanceReader(IAwsTransport aws, Checks checks)
{
    public async Task<SpotChance?> OfAsync(Situation s, CancellationToken cancellationToken)
    {
        // EC2 counts the questions, and a job that has just come needs no answer.
        if (s.Job?.Status != JobStatus.Runnable || !SpotCauses.IsSpot(s)) return null;
        if (!WaitCauses.IsLate(s) && SpotCauses.Reclaimed(s.Job) == 0) return null;
        string[] types = [.. s.Working
            .Select(e => e.Detail?.ComputeResources)
            .OfType<ComputeResource>().SelectMany(r => AccountCauses.Hosts(r, s)).Select(t => t.Name).Distinct(StringComparer.Ordinal)];
        if (types.Length == 0 || s.Queue?.JobQueueArn.Split(':') is not ["arn", _, _, { Length: > 0 } region, ..]) return null;
        int vCpus = Math.Max(1, (s.Needs.Amount.MilliVCpus + 999) / 1000 * s.Needs.Nodes);
        GetSpotPlacementScoresResponse? answer = await checks.AskAsync(
            "the chances of Spot instances",
            async () =>
                (GetSpotPlacementScoresResponse?)await aws.SendAsync(Ec2Operations.GetSpotPlacementScores,
                    new GetSpotPlacementScoresRequest { InstanceTypes = types, VCpus = vCpus, Region = region }, cancellationToken),
            null);
        return answer?.Scores is { Count: > 0 } scores ? new SpotChance(scores.Max(), vCpus, types.Length) : null;
    }
}
