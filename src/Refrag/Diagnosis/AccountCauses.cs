using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Quotas;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Diagnosis;

/// <summary>
/// What other services have against a job that is to start: EC2's quota for its instances, its roles, its image, its log group.
/// </summary>
internal static class AccountCauses
{
    public static IEnumerable<Cause> Find(Situation s)
    {
        foreach (Cause role in RoleCauses.OfEnvironments(s)) yield return role;
        if (Quota(s) is { } quota) yield return quota;
        foreach (Cause role in RoleCauses.OfJob(s)) yield return role;
        if (s.Account.Image is { } image)
        {
            if (!image.Exists)
            {
                yield return new Cause("image-missing", $"Its image or tag does not exist: {image.Reference}", Confidence.Certain,
                    [Evidence.Of(FactSource.Image, image.Reference, "imageManifest", null, "BatchGetImage does not know it")],
                    [new Cure("Push it, or name one that exists", "env.image=REPOSITORY:TAG")
                    {
                        Assumed = c => c with { Account = c.Account with { Image = null } },
                    }]);
            }
            else if (Architecture(s, image) is { } architecture) yield return architecture;
        }
        if (s.Account.LogGroup is { Exists: false } group)
        {
            yield return new Cause("log-group-missing", $"Its log group {group.Name} does not exist, and its container would not start",
                Confidence.Certain,
                [Evidence.Of(FactSource.LogGroup, group.Name, "logGroupName", null, "DescribeLogGroups does not know it")],
                [new Cure("Make it", $"aws logs create-log-group --log-group-name {group.Name}")
                {
                    Assumed = c => c with { Account = c.Account with { LogGroup = null } },
                }]);
        }
    }

    /// <summary>
    /// Whether an environment names types that the catalogue lacks: they may host any job, so nothing follows from those that it has.
    /// </summary>
    public static bool HasUnknownTypes(Situation s) =>
        s.Environments.Any(e => e.Detail?.ComputeResources is { } resources && UnknownTypes(resources, s).Any());

    /// <summary>The types of an environment that the catalogue lacks, by the names that the environment gives them.</summary>
    public static IEnumerable<string> UnknownTypes(ComputeResource resources, Situation s) =>
        (resources.InstanceTypes ?? []).Where(name => !s.Catalogue.Resolve([name]).IsSuccess);

    /// <summary>The types of an environment that can host the job, as far as the catalogue has them.</summary>
    public static IReadOnlyList<InstanceType> Hosts(ComputeResource resources, Situation s)
    {
        List<InstanceType> known = [];
        foreach (string name in resources.InstanceTypes ?? [])
        {
            if (s.Catalogue.Resolve([name]).TryGet(out IReadOnlyList<InstanceType>? some, out _)) known.AddRange(some);
        }
        return known.Count == 0
            ? []
            : [.. Fit.Check(s.Needs, [.. known.DistinctBy(t => t.Name)], s.Catalogue, s.Prices).Hosts.Select(h => h.Type)];
    }

    // Certain only where every environment that could host the job is without quota for a single instance, of types that are known.
    private static Cause? Quota(Situation s)
    {
        if (s.Account.Quotas.Count == 0) return null;
        List<Evidence> evidence = [];
        bool isUsedUp = false;
        (string Code, int Wanted)? ask = null;
        foreach (QueueEnvironmentQuota one in Environments(s))
        {
            if (one.Value is not { } value) return null;
            double left = value.VCpus - value.InUse;
            if (left >= one.Least) return null;
            if (value.VCpus >= one.Least) isUsedUp = true;
            // One raised quota is enough: the one that needs the least more.
            if (ask is null || value.InUse + one.Least < ask.Value.Wanted) ask = (value.Quota.Code, value.InUse + one.Least);
            string text =
                string.Create(CultureInfo.InvariantCulture,
                    $"{one.Environment}: {one.Smallest}; the quota of "
                        + $"{value.Quota.Families} {value.Quota.Market} vCPUs ({value.Quota.Code}) is {value.VCpus:0.##}, and Batch's "
                        + $"environments use {value.InUse}");
            evidence.Add(new Evidence(text, [new Fact(FactSource.Quota, value.Quota.Code, "value",
                value.VCpus.ToString("0.##", CultureInfo.InvariantCulture),
                (value.InUse + one.Least).ToString(CultureInfo.InvariantCulture))]));
        }
        // What its own environments have may be the instance that it waits for.
        bool mayBoot = s.Job is not null && !WaitCauses.IsLate(s)
            && s.Environments.Any(e => e.Detail?.ComputeResources is { DesiredvCpus: > 0 });
        if (ask is not { } quota || (isUsedUp && mayBoot)) return null;
        return new Cause("ec2-quota",
            isUsedUp
                ? "The account's EC2 vCPU quota is used up"
                : "The account's EC2 vCPU quota is too small for any instance that can host it",
                isUsedUp || HasUnknownTypes(s) ? Confidence.Likely : Confidence.Certain, evidence,
            [
                new Cure("Ask for a higher quota",
                    string.Create(CultureInfo.InvariantCulture,
                        $"aws service-quotas request-service-quota-increase --service-code ec2 --quota-code {quota.Code} "
                            + $"--desired-value {quota.Wanted}"))
                {
                    Assumed = c => c with { Account = c.Account with { Quotas = [] } },
                },
                new Cure("Use types of another family, or the other market", "refrag fit"),
            ]);
    }

    // For each environment and quota the type that needs the least of it. What the catalogue lacks has at least what the job asks for.
    private static IEnumerable<QueueEnvironmentQuota> Environments(Situation s) =>
        from environment in s.Environments
        let resources = environment.Detail?.ComputeResources
        where resources?.Type is CRType.Ec2 or CRType.Spot
        from type in Hosts(resources, s).Select(t => (t.Name, t.VCpus, Known: true))
            .Concat(UnknownTypes(resources, s).Select(name => (Name: name, VCpus: (s.Needs.Amount.MilliVCpus + 999) / 1000, Known: false)))
        let quota = InstanceQuota.Of(type.Name, resources.Type == CRType.Spot)
        group type by (environment.Name, quota) into types
        let smallest = types.MinBy(t => t.VCpus)
        let least = smallest.VCpus * s.Needs.Nodes
        select new QueueEnvironmentQuota(types.Key.Name, smallest.Known
            ? string.Create(CultureInfo.InvariantCulture, $"the smallest type that can host it, {smallest.Name}, has {least} vCPUs")
            : string.Create(CultureInfo.InvariantCulture, $"{smallest.Name} has {least} vCPUs or more, if it can host it"),
            least, s.Account.Quotas.FirstOrDefault(q => q.Quota == types.Key.quota));

    private static Cause? Architecture(Situation s, ImageFacts image)
    {
        if (image.Architectures is not { } has) return null;
        Architecture[] hosts = [.. s.Environments
            .Select(e => e.Detail?.ComputeResources)
            .OfType<ComputeResource>().SelectMany(r => Hosts(r, s)).Select(t => t.Architecture).Distinct()];
        if (hosts.Length == 0 || hosts.Any(has.Contains) || HasUnknownTypes(s)) return null;
        return new Cause("image-architecture",
            $"Its image is for {string.Join(" and ", has)}, and the queue's instances are {string.Join(" and ", hosts)}",
            Confidence.Certain,
            [Evidence.Of(FactSource.Image, image.Reference, "architecture", string.Join(", ", has), $"manifest of {image.Reference}")],
            [new Cure("Build the image for the hosts' architecture", "docker buildx build --platform linux/amd64,linux/arm64 …")
            {
                Assumed = c => c with { Account = c.Account with { Image = null } },
            }]);
    }

    private sealed record QueueEnvironmentQuota(string Environment, string Smallest, int Least, QuotaValue? Value);
}
