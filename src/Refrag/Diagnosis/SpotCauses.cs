using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Diagnosis;

/// <summary>Jobs that wait for Spot instances: what speaks for there being none, and what would help.</summary>
internal static class SpotCauses
{
    // EC2 gives 10 where it is nearly sure and 1 where it hardly sees a chance. (EC2 User Guide, Spot placement score)
    private const int LowScore = 3;
    private const decimal LeastPart = 0.1m;

    /// <summary>
    /// A job that has lost its Spot instances again and again and waits for the next: more than the bad luck of one attempt.
    /// </summary>
    public static Cause? LostAgain(Situation s)
    {
        if (s.Job is not { Status: JobStatus.Runnable } job || !IsSpot(s) || Reclaimed(job) is not (> 1 and { } lost)) return null;
        return new Cause("no-spot-capacity",
            string.Create(CultureInfo.InvariantCulture,
                $"{lost} of its attempts lost their Spot instances, and it waits for another: there is little Spot capacity of these "
                    + $"types"), Confidence.Likely,
            [string.Create(CultureInfo.InvariantCulture, $"{lost} attempts ended with \"{job.Attempts!.Last(IsReclaimed).StatusReason}\""),
                .. Seen(s)], Cures(s));
    }

    /// <summary>
    /// A limit on the Spot price below what EC2 sells for: Spot is at most 90 % cheaper than on demand, and the price table may know more.
    /// (API ComputeResource bidPercentage; EC2 User Guide, Spot Instances)
    /// </summary>
    public static Cause? LowBid(Situation s)
    {
        QueueEnvironment[] working = [.. s.Working];
        if (!IsSpot(s) || working.Any(e => e.Detail!.ComputeResources!.BidPercentage is null or <= 0 or >= 100)) return null;
        bool isBelowAll = working.All(e => e.Detail!.ComputeResources!.BidPercentage <= LeastPart * 100);
        if (!isBelowAll && !working.All(e => Cheapest(s, e) is { } part && part * 100 > e.Detail!.ComputeResources!.BidPercentage))
            return null;
        QueueEnvironment first = working[0];
        return new Cause("spot-price", "No instance was started for it, and the limit on the Spot price is below what Spot instances cost",
            isBelowAll ? Confidence.Likely : Confidence.Possible,
            [.. working.Select(e => Evidence.Of(FactSource.ComputeEnvironment, e.Name, "bidPercentage",
                e.Detail!.ComputeResources!.BidPercentage!.Value,
                string.Create(CultureInfo.InvariantCulture, $"{e.Name}: bidPercentage {e.Detail!.ComputeResources!.BidPercentage}; Spot "
                    + $"instances of its types cost at least {(int)((Cheapest(s, e) ?? LeastPart) * 100)} % of the on-demand price")))],
            [
                new Cure("Pay up to the on-demand price, which is the limit without one",
                    EnvironmentChanges.TakesInfrastructureUpdates(first.Detail!)
                    ? $"aws batch update-compute-environment --compute-environment {first.Name} "
                        + "--compute-resources bidPercentage=100"
                    : null)
                {
                    Assumed = c => EnvironmentChanges.With(c, first.Name, first.Detail! with
                    {
                        ComputeResources = first.Detail!.ComputeResources! with { BidPercentage = 100 },
                    }),
                },
            ]);
    }

    // The least part of the on-demand price that a Spot instance of the environment costs, as far as the price table knows.
    private static decimal? Cheapest(Situation s, QueueEnvironment environment)
    {
        string region = s.Queue?.JobQueueArn.Split(':') is ["arn", _, _, { Length: > 0 } own, ..] ? own : PriceTable.DefaultRegion;
        List<decimal> parts = [];
        foreach (InstanceType type in AccountCauses.Hosts(environment.Detail!.ComputeResources!, s))
        {
            // One price that is not known may be lower.
            if (s.Prices.Find(type.Name, region) is not { Spot: { } spot, OnDemand: { } full and > 0 }) return null;
            parts.Add(spot / full);
        }
        return parts.Count == 0 ? null : parts.Min();
    }

    /// <summary>No Spot instance came for a long time.</summary>
    public static Cause NoneCame(Situation s, string minutes) => new(
        "no-spot-capacity",
        s.Account.Spot is { Score: <= LowScore }
            ? $"No instance was started for it in {minutes} min, and EC2 sees hardly any Spot capacity of these types"
            : $"No instance was started for it in {minutes} min: mostly there is no Spot capacity of these types, or the EC2 quota is "
                + "used up",
        s.Account.Spot is { Score: <= LowScore } ? Confidence.Likely : Confidence.Possible,
        [.. Seen(s)],
        Cures(s));

    /// <summary>Batch itself says that EC2 has none.</summary>
    public static Cause Refused(Situation s, string reason) => new("no-spot-capacity", "EC2 has no Spot instances of the wanted types",
        Confidence.Likely, [Evidence.Of(FactSource.Job, null, "statusReason", reason), .. Seen(s)], Cures(s));

    /// <summary>Whether all environments that can start instances start Spot instances.</summary>
    public static bool IsSpot(Situation s) => s.Working.Any() && s.Working.All(e => e.Detail?.ComputeResources?.Type == CRType.Spot);

    /// <summary>How many attempts ended because the host was taken away.</summary>
    public static int Reclaimed(JobDetail job) => (job.Attempts ?? []).Count(IsReclaimed);

    private static bool IsReclaimed(AttemptDetail attempt) =>
        attempt.StatusReason is { } reason && reason.Contains("Host EC2", StringComparison.OrdinalIgnoreCase)
            && reason.Contains("terminated", StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> Seen(Situation s)
    {
        foreach (QueueEnvironment environment in s.Working)
        {
            ComputeResource resources = environment.Detail!.ComputeResources!;
            IReadOnlyList<string> types = resources.InstanceTypes ?? [];
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{environment.Name}: {environment.Detail.Status}, {resources.DesiredvCpus ?? 0} desired vCPUs, "
                    + $"{resources.AllocationStrategy ?? CRAllocationStrategy.BestFit}, "
                    + $"{types.Count} instance {(types.Count == 1 ? "type" : "types")}: "
                    + $"{string.Join(", ", types)}");
        }
        if (s.Account.Spot is { } chance)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"GetSpotPlacementScores: {chance.Score} of 10 for {chance.VCpus} vCPUs of {chance.Types} "
                    + $"{(chance.Types == 1 ? "type" : "types")}");
    }

    private static List<Cure> Cures(Situation s)
    {
        List<Cure> cures = [];
        ComputeResource[] all = [.. s.Working.Select(e => e.Detail?.ComputeResources).OfType<ComputeResource>()];
        // A family or "optimal" is many types; one size of one family is a single pool a zone.
        if (all.All(r => r.InstanceTypes is [{ } only] && only.Contains('.', StringComparison.Ordinal)))
            cures.Add(new Cure("Add types: each is a Spot market of its own in each zone, and one alone is soon empty", "refrag fit"));
        if (all.Any(r => r.AllocationStrategy is null or CRAllocationStrategy.BestFit))
            cures.Add(
                new Cure("Make the environment with SPOT_PRICE_CAPACITY_OPTIMIZED: BEST_FIT waits for one type instead of taking another"));
        cures.Add(new Cure("Put an on-demand environment behind it in the queue", "refrag envs"));
        cures.Add(new Cure("Look at the Spot quota of this family", "aws service-quotas list-service-quotas --service-code ec2"));
        return cures;
    }
}
