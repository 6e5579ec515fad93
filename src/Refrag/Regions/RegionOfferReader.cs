using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Catalogues;
using Refrag.Costs;
using Refrag.Diagnosis;
using Refrag.Infrastructure;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Quotas;
using Refrag.Scheduling.Fitting;
using Refrag.Targeting;

namespace Refrag.Regions;

/// <summary>Reads what one region offers for a job. Nothing is changed there.</summary>
/// <param name="region">The region.</param>
/// <param name="batch">Batch in that region.</param>
/// <param name="aws">Other services in that region; null if they are not to be asked.</param>
/// <param name="time">The clock.</param>
/// <param name="known">Instance types and prices.</param>
public sealed class RegionOfferReader(string region, IAwsTransport batch, IAwsTransport? aws, TimeProvider time, KnownCatalogue known)
{
    private readonly Checks _checks = new();

    /// <summary>Asks whether hosts behind the queue can run the job; null to do without.</summary>
    public IHostCheck? Hosts { get; init; }

    /// <summary>What could not be asked, and why.</summary>
    public IReadOnlyList<string> NotChecked => _checks.NotMade;

    /// <summary>The offer. A region that does not answer, or refuses, cannot take the job.</summary>
    /// <param name="spec">The job.</param>
    /// <param name="plan">Its requests, which are the same in each region.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<RegionOffer> ReadAsync(JobSpec spec, LaunchPlan plan, CancellationToken cancellationToken)
    {
        RegionOffer offer = new() { Region = region, Queue = AwsNames.Short(plan.Target.Queue) };
        try
        {
            return await FillAsync(offer, spec, plan, cancellationToken);
        }
        catch (AwsException failure)
        {
            return offer with { Obstacle = failure.Problem.What };
        }
    }

    private async Task<RegionOffer> FillAsync(RegionOffer offer, JobSpec spec, LaunchPlan plan, CancellationToken cancellationToken)
    {
        IReadOnlyList<Problem> wrong =
            await new Launcher(batch, time) { Hosts = Hosts }.CheckAsync([(spec, plan)], cancellationToken);
        if (wrong is [{ } first, ..]) return offer with { Obstacle = first.What };
        if (await TargetCheck.NewestAsync(batch, plan.Target.Definition, cancellationToken) is not { } definition
            || await new QueueReader(batch, time).StatusAsync([plan.Target.Queue], cancellationToken) is not [{ } queue, ..])
            return offer with { Obstacle = "its queue or its job definition went while it was asked for" };
        ComputeResource[] resources = [.. queue.Environments.Select(e => e.Detail?.ComputeResources).OfType<ComputeResource>()];
        offer = offer with
        {
            Spot = Market(resources),
            Waiting = queue.Jobs.GetValueOrDefault(JobStatus.Runnable),
            OldestWait = queue.OldestWaiting?.CreatedAt is { } since
                ? Positive(time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(since))
                : null,
            BlockedHead = queue.BlockedHead?.StatusReason?.Split(" - ")[0],
        };
        Requirement needs = SituationReader.NeedsOf(plan, definition) with { Nodes = spec.Nodes };
        offer = Priced(offer, needs, spec.ArraySize ?? spec.Nodes, resources);
        if (RegionBound.Elsewhere(plan, definition, region) is { } elsewhere) return offer with { Obstacle = elsewhere };
        if (aws is null) return offer;
        if (await MissingImageAsync(plan, definition, cancellationToken) is { } missing) return offer with { Obstacle = missing };
        return await WithAccountAsync(offer, needs, cancellationToken);
    }

    private RegionOffer Priced(RegionOffer offer, Requirement needs, int parts, ComputeResource[] resources)
    {
        string[] types = [.. resources.SelectMany(Types).Distinct(StringComparer.Ordinal)];
        if (types.Length == 0) return offer;
        CostQuestion question = new()
        {
            Requirement = needs,
            Parts = parts,
            Hours = 1,
            Types = types,
            Region = region,
            Spot = offer.Spot,
            Today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime),
        };
        // A type that the catalogue does not know has no price either.
        if (!CostEstimate.Of(question, known.TypesIn(region), known.Prices).TryGet(out CostEstimate? estimate, out _)) return offer;
        Predicate<Scheduling.Catalogue.InstanceType> isExcluded = known.ExcludedIn(region);
        HostCost[] hosts = [.. estimate.Hosts.Where(host => !isExcluded(host.Type))];
        return offer with
        {
            Types = [.. hosts.Select(host => host.Type.Name)],
            HourlyUsd = (estimate with { Hosts = hosts }).Likely,
        };
    }

    private async Task<string?> MissingImageAsync(LaunchPlan plan, JobDefinition definition, CancellationToken cancellationToken)
    {
        if (RegionBound.ContainerOf(plan, definition)?.Image is not { } image || EcrImage.Parse(image) is not { } inEcr) return null;
        ImageFacts? facts = await new ImageReader(aws!, downloads: null, _checks).OfAsync(image, inEcr, cancellationToken);
        return facts is { Exists: false } ? $"its image {image} is not there" : null;
    }

    private async Task<RegionOffer> WithAccountAsync(RegionOffer offer, Requirement needs, CancellationToken cancellationToken)
    {
        if (offer.Types.Count == 0 || offer.Spot is not { } spot) return offer;
        int vCpus = Math.Max(1, (needs.Amount.MilliVCpus + 999) / 1000 * needs.Nodes);
        (double? value, double? left) = await QuotaAsync(offer.Types, spot, cancellationToken);
        int? score = spot ? await ScoreAsync(offer.Types, vCpus, cancellationToken) : null;
        return WithQuota(offer with { SpotScore = score }, value, left, vCpus);
    }

    /// <summary>
    /// The offer with what the quota says. A quota that is used up now is a doubt: the job waits, as it would in one region, and runs when
    /// others end. One that is too small for the job alone never lets it run.
    /// </summary>
    internal static RegionOffer WithQuota(RegionOffer offer, double? value, double? left, int vCpus)
    {
        offer = offer with { QuotaLeft = left, NeedsVCpus = vCpus };
        return value < vCpus
            ? offer with { Obstacle = FormattableString.Invariant($"the EC2 quota is {value:0} vCPUs there, and it needs {vCpus}") }
            : offer;
    }

    private async Task<int?> ScoreAsync(IReadOnlyList<string> types, int vCpus, CancellationToken cancellationToken)
    {
        GetSpotPlacementScoresResponse? answer = await _checks.AskAsync(
            $"the chances of Spot instances in {region}",
            async () => (GetSpotPlacementScoresResponse?)await aws!.SendAsync(
                Ec2Operations.GetSpotPlacementScores,
                new GetSpotPlacementScoresRequest { InstanceTypes = types, VCpus = vCpus, Region = region }, cancellationToken),
            null);
        return answer?.Scores is { Count: > 0 } scores ? scores.Max() : null;
    }

    // The most that one of the quotas allows, and the most that one leaves: any of the types will do.
    private async Task<(double? Value, double? Left)> QuotaAsync(
        IReadOnlyList<string> types, bool spot, CancellationToken cancellationToken)
    {
        InstanceQuota[] quotas = [.. types.Select(type => InstanceQuota.Of(type, spot)).OfType<InstanceQuota>().Distinct()];
        IReadOnlyList<ComputeEnvironmentDetail> all = await new QueueReader(batch).EnvironmentsAsync([], cancellationToken);
        (double? most, double? left) = (null, null);
        foreach (InstanceQuota quota in quotas)
        {
            string what = $"the EC2 quota of {quota.Families} {quota.Market} vCPUs in {region}";
            if (_checks.IsOutOfReach(AwsService.ServiceQuotas, what)) continue;
            if (await _checks.AskAsync(what, () => QuotaReader.ValueAsync(aws!, quota, cancellationToken), null) is not { } value) continue;
            int used = all.Select(e => e.ComputeResources).OfType<ComputeResource>()
                .Where(resources => Types(resources).All(type => InstanceQuota.Of(type, resources.Type == CRType.Spot) == quota))
                .Sum(resources => resources.DesiredvCpus ?? 0);
            most = Math.Max(most ?? 0, value);
            left = Math.Max(left ?? 0, value - used);
        }
        return (most, left);
    }

    private static IReadOnlyList<string> Types(ComputeResource resources) => resources.InstanceTypes ?? [];

    private static bool? Market(ComputeResource[] resources) => resources.Select(r => r.Type).Distinct().ToArray() switch
    {
        [CRType.Spot] => true,
        [CRType.Ec2] => false,
        _ => null,
    };

    // A rehearsal's clock may be ahead.
    private static TimeSpan Positive(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;
}
