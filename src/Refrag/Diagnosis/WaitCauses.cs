using System.Globalization;
using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Diagnosis;

/// <summary>Why a job waits that nothing forbids: others are before it, its share has had its part, or instances do not come.</summary>
internal static class WaitCauses
{
    // A large image pulls for a while: assumed.
    private static readonly TimeSpan s_usualPull = TimeSpan.FromMinutes(20);

    /// <summary>Whether a job has waited longer than starting an instance takes.</summary>
    public static bool IsLate(Situation s) => s.Waited is { } waited && waited > WaitingJobs.UsualStart;

    /// <summary>
    /// Whether a job may need an environment that is not in order although another can host it: that one is full, or does not come.
    /// </summary>
    public static bool MayNeedAnother(Situation s) => IsLate(s) || IsFull(s);

    public static IEnumerable<Cause> Find(Situation s)
    {
        bool full = IsFull(s);
        int running = (s.Around?.Running ?? 0) + (s.Around?.RunningElsewhere ?? 0);
        bool late = IsLate(s);
        if (full && running > 0)
        {
            if (Rival(s) is { } rival) yield return rival;
            if (FairShare(s) is { } share) yield return share;
            yield return Full(s, running);
            yield break;
        }
        if (Reserved(s) is { } reserved) yield return reserved;
        if (s.Job?.Status == JobStatus.Submitted && late)
        {
            yield return new Cause("not-looked-at", "Batch has not evaluated it since it was submitted", Confidence.Possible,
                [$"SUBMITTED since {Minutes(s)} min"],
                [new Cure("See whether other jobs of the region move", "refrag jobs --status active")]);
            yield break;
        }
        if (s.Job?.Status != JobStatus.Runnable || !late) yield break;
        if (Rival(s) is { } other) yield return other;
        if (NearlyAllMemory(s) is { } memory) yield return memory;
        int desired = s.Working.Sum(e => e.Detail?.ComputeResources?.DesiredvCpus ?? 0);
        bool fargate = s.Working.Any(IsFargate);
        if (s.Working.Any(e => e.Detail?.Type == CEType.Unmanaged)) yield return Unmanaged(s);
        else if (s.Working.Any() && s.Working.All(IsFargate)) yield return NoFargate(s, running);
        else if (desired == 0 && !fargate)
        {
            if (SpotCauses.LowBid(s) is { } bid) yield return bid;
            yield return NoInstances(s);
        }
        else if (running == 0 && !fargate) yield return NetworkCauses.Closed(s) ?? NotJoining(s, desired);
    }

    /// <summary>A job that is with a host and does not begin.</summary>
    public static IEnumerable<Cause> Starting(Situation s)
    {
        if (s.Waited is not { } waited || waited <= s_usualPull) yield break;
        yield return new Cause("slow-start",
            "Its host is found, but its container does not start: mostly a very large image, or a registry that cannot be reached",
            Confidence.Possible,
            [$"STARTING; submitted {Minutes(s)} min ago", $"image: {s.Job?.Container?.Image ?? "unknown"}"],
            [new Cure("Look at the image's size, and whether the subnets reach the registry (NAT or endpoints)", "refrag doctor")]);
    }

    private static bool IsFull(Situation s)
    {
        int needed = NeededVCpus(s);
        ComputeResource[] all = [.. s.Working.Select(e => e.Detail?.ComputeResources).OfType<ComputeResource>()];
        return all.Length > 0
            && all.All(
            r => r.DesiredvCpus is { } desired && r.MaxvCpus is { } most && (desired >= most || (most - desired < needed && desired > 0)));
    }

    private static Cause Full(Situation s, int running)
    {
        QueueEnvironment first = s.Working.First();
        ComputeResource resources = first.Detail!.ComputeResources!;
        string place = s.Around switch
        {
            { Position: { } position } => string.Create(CultureInfo.InvariantCulture, $"place {position} in the queue"),
            { Older: { } older } => string.Create(CultureInfo.InvariantCulture, $"{older} older jobs wait"),
            _ => "its place is not known",
        };
        int raised = (resources.MaxvCpus ?? 0) + NeededVCpus(s);
        return new Cause("environment-full", $"Its environments are full, and it waits for its turn ({place})",
            s.Job is null ? Confidence.Possible : Confidence.Likely,
            [.. s.Working.Select(
                e => string.Create(CultureInfo.InvariantCulture,
                    $"{e.Name}: {e.Detail?.ComputeResources?.DesiredvCpus} of {e.Detail?.ComputeResources?.MaxvCpus} vCPUs")),
                    JobsRun(running)],
            [
                EnvironmentChanges.Raise("Wait, or raise the maximum", first.Name, first.Detail, raised),
            ]);
    }

    private static int NeededVCpus(Situation s) => (s.Needs.Amount.MilliVCpus + 999) / 1000 * s.Needs.Nodes;

    private static string JobsRun(int running) =>
        string.Create(CultureInfo.InvariantCulture, $"{running} {(running == 1 ? "job runs" : "jobs run")}");

    private static Cause? Rival(Situation s) => s.Around?.Rivals is [{ } rival, ..]
        ? new Cause("higher-priority-queue", $"Queue {rival.Queue} has a higher priority on the same environments, and is served first",
        Confidence.Likely,
            [.. s.Around.Rivals.Select(
                r => string.Create(CultureInfo.InvariantCulture,
                    $"{r.Queue}: priority {r.Priority}, {r.Waiting} waiting; {s.QueueName}: priority {s.Queue?.Priority}"))],
            [new Cure("Wait, or give this queue the same priority",
                string.Create(
                    CultureInfo.InvariantCulture, $"aws batch update-job-queue --job-queue {s.QueueName} --priority {rival.Priority}"))])
        : null;

    private static Cause? FairShare(Situation s)
    {
        if (s.Policy?.FairsharePolicy is not { } policy || s.Share is not { } own || s.Around is not { Shares.Count: > 1 } around)
            return null;
        double Weighted(string share) => around.Shares.GetValueOrDefault(share) * Weight(policy, share);
        if (!around.Shares.ContainsKey(own) || around.Shares.Keys.Any(other => Weighted(other) > Weighted(own))) return null;
        return new Cause("fair-share", $"Share {own} uses the most of the queue now, and the other shares are served first",
            Confidence.Likely,
            [.. around.Shares
                .OrderByDescending(p => p.Value)
                .Select(p =>
                string.Create(CultureInfo.InvariantCulture, $"share {p.Key}: {p.Value:0.#} vCPUs in use, weight {Weight(policy, p.Key)}"))],
            [new Cure("Wait, or submit it under another share", "env.share_identifier=NAME"),
                new Cure("Give the share a lower weight factor: lower gets more")]);
    }

    // (computeReservation/100)^(active shares) of the maximum stays free for shares that are not active yet. (API FairsharePolicy)
    private static Cause? Reserved(Situation s)
    {
        if (s.Policy?.FairsharePolicy is not { ComputeReservation: { } percent and > 0 } || s.Around is not { } around) return null;
        // Without the queue's snapshot the shares are those whose jobs run: others may count as active too.
        bool isSeen = around.Shares.Count > 0;
        int active = isSeen ? around.Shares.Count : around.RunningShares;
        if (active == 0 || (!isSeen && !IsLate(s))) return null;
        int most = s.Working.Sum(e => e.Detail?.ComputeResources?.MaxvCpus ?? 0);
        int desired = s.Working.Sum(e => e.Detail?.ComputeResources?.DesiredvCpus ?? 0);
        double kept = Math.Pow(percent / 100.0, active) * most;
        int needed = (s.Needs.Amount.MilliVCpus + 999) / 1000;
        if (around.Running == 0 || desired + needed <= most - kept) return null;
        return new Cause("share-reservation", "What is left of its environments is kept for shares that have no jobs yet",
            isSeen ? Confidence.Likely : Confidence.Possible,
            [string.Create(CultureInfo.InvariantCulture,
                $"computeReservation {percent} % with {active} active {(active == 1 ? "share" : "shares")} keeps {kept:0.#} of {most} "
                    + $"vCPUs; {desired} are in use")],
            [new Cure("Wait, or lower computeReservation in the scheduling policy",
                $"aws batch update-scheduling-policy --arn {s.Policy!.Arn} --fairshare-policy "
                    + ShellWord.Quote(JsonSerializer.Serialize(s.Policy.FairsharePolicy with { ComputeReservation = 0 },
                        BatchJson.Options.GetTypeInfo(typeof(FairsharePolicy)))))]);
    }

    private static double Weight(FairsharePolicy policy, string share) =>
        policy.ShareDistribution?.FirstOrDefault(
            d => d.ShareIdentifier == share
                || (d.ShareIdentifier.EndsWith('*') && share.StartsWith(d.ShareIdentifier[..^1], StringComparison.Ordinal)))?.WeightFactor
                ?? 1;

    // Between what is sure and what the formula leaves it depends on the machine image.
    private static Cause? NearlyAllMemory(Situation s)
    {
        InstanceType[] hosts = [.. s.Working
            .Select(e => e.Detail?.ComputeResources)
            .OfType<ComputeResource>().SelectMany(r => AccountCauses.Hosts(r, s)).DistinctBy(t => t.Name)];
        if (hosts.Length == 0 || AccountCauses.HasUnknownTypes(s) || hosts.Any(h => s.Needs.Amount.MemoryMiB <= h.SurelyUsable.MemoryMiB))
            return null;
        InstanceType largest = hosts.MaxBy(h => h.InstalledMiB)!;
        int safe = largest.SurelyUsable.MemoryMiB;
        return new Cause("too-much-memory",
            string.Create(CultureInfo.InvariantCulture,
                $"It asks for nearly all the memory of {largest.Name}, and machine images often leave jobs less"),
                Confidence.Likely,
            [string.Create(CultureInfo.InvariantCulture,
                $"needs {s.Needs.Amount.MemoryMiB} of {largest.InstalledMiB} MiB installed; jobs surely get {safe}, at most "
                    + $"{largest.Usable.MemoryMiB}")],
            [new Cure("Ask for a little less", string.Create(CultureInfo.InvariantCulture, $"env.memory={safe}"))
            {
                Assumed = c => c with { Needs = c.Needs with { Amount = c.Needs.Amount with { MemoryMiB = safe } } },
            }]);
    }

    private static Cause NoInstances(Situation s) => SpotCauses.IsSpot(s)
        ? SpotCauses.NoneCame(s, Minutes(s))
        : new Cause(
            "no-instances",
            $"No instance was started for it in {Minutes(s)} min: mostly the EC2 vCPU quota is used up, or there is no capacity",
            Confidence.Possible,
            [.. s.Working.Select(
                e => $"{e.Name}: {Status(e)}, 0 desired vCPUs, "
                    + $"types {string.Join(", ", e.Detail?.ComputeResources?.InstanceTypes ?? [])}")],
            [new Cure("Look at the quota of this family", "aws service-quotas list-service-quotas --service-code ec2"),
                new Cure("Add types or zones", "refrag fit")]);

    private static bool IsFargate(QueueEnvironment environment) =>
        environment.Detail?.ComputeResources?.Type is CRType.Fargate or CRType.FargateSpot;

    private static string Status(QueueEnvironment environment) => environment.Detail?.Status ?? "status unknown";

    // Fargate shows no instances and no desired vCPUs, so what it waits for there is not seen.
    private static Cause NoFargate(Situation s, int running)
    {
        QueueEnvironment[] all = [.. s.Working];
        List<Evidence> seen = [.. all.Select(e => string.Create(CultureInfo.InvariantCulture,
            $"{e.Name}: {Status(e)}, {e.Detail!.ComputeResources!.Type}, at most {e.Detail.ComputeResources.MaxvCpus} vCPUs"))];
        var quota = new Cure("Look at the quota", "aws service-quotas list-service-quotas --service-code fargate");
        if (running == 0)
        {
            return new Cause("undetermined",
                $"It has waited for Fargate for {Minutes(s)} min, and nothing seen explains why: for example, the account's quota of "
                    + "Fargate vCPUs may be used up, or there may be no capacity", Confidence.Possible, seen, [quota]);
        }
        seen.Add(JobsRun(running));
        string most = all.Sum(e => e.Detail!.ComputeResources!.MaxvCpus ?? 0).ToString(CultureInfo.InvariantCulture);
        ComputeEnvironmentDetail first = all[0].Detail!;
        Cure raise = EnvironmentChanges.Raise(
            "Wait, or raise the maximum", all[0].Name, first, (first.ComputeResources!.MaxvCpus ?? 0) + NeededVCpus(s));
        return new Cause("undetermined",
            $"It has waited for Fargate for {Minutes(s)} min: its maximum of {most} vCPUs may be used up, or, for example, the account's "
                + "quota of Fargate vCPUs; or there may be no capacity", Confidence.Possible, seen,
            // Not checked: what the running jobs use is not known, so nothing shows that it would start then.
            [raise with { Changed = null }, quota]);
    }

    private static Cause NotJoining(Situation s, int desired) => new(
        "instances-do-not-join", $"Instances were started, but no job runs on them after {Minutes(s)} min: they do not join the cluster",
        Confidence.Likely,
        [string.Create(CultureInfo.InvariantCulture, $"{desired} desired vCPUs, no job STARTING or RUNNING"),
            .. s.Working.Select(
                e => $"{e.Name}: subnets {string.Join(", ", e.Detail?.ComputeResources?.Subnets ?? [])}, role "
                    + $"{AwsNames.Short(e.Detail?.ComputeResources?.InstanceRole)}")],
        [
            new Cure(
                "Let the instances reach ECS: a route to the internet (NAT or public addresses) or VPC endpoints, and the role "
                    + "AmazonEC2ContainerServiceforEC2Role", "refrag doctor"),
            new Cure("Look at an instance's /var/log/ecs/ecs-agent.log"),
        ]);

    private static Cause Unmanaged(Situation s) => new(
        "unmanaged-empty", "Its environment is unmanaged: Batch starts no instances there, and none takes the job", Confidence.Likely,
        [.. s.Working
            .Where(e => e.Detail?.Type == CEType.Unmanaged)
            .Select(e => $"{e.Name}: UNMANAGED, cluster {AwsNames.Short(e.Detail?.EcsClusterArn)}")],
        [new Cure("Start instances that join its cluster, or use a managed environment", "env.job_queue=NAME")]);

    private static string Minutes(Situation s) => ((int)(s.Waited?.TotalMinutes ?? 0)).ToString(CultureInfo.InvariantCulture);
}
