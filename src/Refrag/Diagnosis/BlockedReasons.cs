using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Scheduling.Queues;

namespace Refrag.Diagnosis;

/// <summary>The reasons that Batch itself gives for a job that waits at the head of its queue. (UG job_stuck_in_runnable)</summary>
internal static class BlockedReasons
{
    private static readonly (BlockedCause Blocked, string Code, string What, string Cure, string? Command)[] s_reasons =
    [
        (BlockedCause.InsufficientCapacity, "no-capacity", "AWS has no instance of the wanted types to give at the moment",
            "Let the environment have more types, zones or on-demand instances", "refrag fit"),
        (BlockedCause.MaxResource, "max-vcpus", "The maximum of vCPUs of its environments is too small for it",
            "Raise the maximum", null),
        (BlockedCause.JobRequirement, "needs-too-large", "No instance type of its environments has what it needs",
            "Ask for less, or add a larger type", "refrag fit"),
        (BlockedCause.UnsupportedConfiguration, "instance-configuration",
            "Its environment names instances in a configuration that AWS does not support",
                "Correct its instance types, image or launch template", "refrag envs"),
        (BlockedCause.RolePermissions, "service-role", "Batch's service role lacks a permission",
            "Repair the service role", "refrag doctor"),
        (BlockedCause.ActionRequired, "environment-invalid", "The compute environments of its queue are invalid",
            "Look at them and repair the one that is broken", "refrag envs"),
        (BlockedCause.Undetermined, "undetermined", "Batch says that it is blocked and does not know why",
            "Look whether instances start and join the cluster: network, instance role, image", "refrag doctor"),
    ];

    public static IEnumerable<Cause> Find(Situation s)
    {
        if (Of(s.Job?.StatusReason, s) is { } own)
        {
            if (own.Code != "needs-too-large" || !IsOnItsWay(s)) yield return own;
        }
        else if (s.Around?.Head is { } head && head.JobId != s.Job?.JobId)
        {
            // What holds up the head is a question of its own needs and age.
            Situation there = s with { Job = head, Needs = JobNeeds.Of(head) };
            if (Of(head.StatusReason, there) is not { } blocked || (blocked.Code == "needs-too-large" && IsOnItsWay(there))) yield break;
            yield return blocked with
            {
                Code = "head-blocked",
                What = $"The job at the head of the queue, {head.JobName} ({head.JobId}), is blocked, and what is behind it waits: "
                    + $"{blocked.What}",
                Confidence = IsEarly(blocked.Code, there) && !FitCauses.Find(there).Any() ? Confidence.Possible : Confidence.Likely,
                Cures = [new Cure("See why that one is blocked", $"refrag why {head.JobId}"),
                    new Cure("End it", $"refrag terminate {head.JobId}"), .. blocked.Cures],
            };
        }
    }

    // Batch writes that a job is too large while its instance boots. One that surely fits, and for which vCPUs are wanted, waits as it
    // should.
    private static bool IsOnItsWay(Situation s) => !WaitCauses.IsLate(s) && s.Working.Any(e =>
        e.Detail?.ComputeResources is { DesiredvCpus: > 0 } resources
        && AccountCauses.Hosts(resources, s).Any(type => s.Needs.Amount.MemoryMiB <= type.SurelyUsable.MemoryMiB));

    // Batch writes JOB_RESOURCE_REQUIREMENT while an instance still boots, and the fit has found nothing that is too small: it is a
    // witness, not a judge.
    private static bool IsEarly(string code, Situation s) =>
        code == "needs-too-large" && s.Job?.Status == JobStatus.Runnable && !WaitCauses.IsLate(s);

    /// <summary>
    /// The cause that a reason names, also behind "Canceled by JobStateTimeLimit action due to reason"; null if it names none.
    /// </summary>
    public static Cause? Of(string? reason, Situation s)
    {
        if (string.IsNullOrEmpty(reason)) return null;
        foreach ((BlockedCause blocked, string code, string what, string cure, string? command) in s_reasons)
        {
            if (!AwsWords.Has(reason, Word(blocked), StringComparison.Ordinal)) continue;
            Confidence confidence = code == "undetermined" || IsEarly(code, s) ? Confidence.Possible : Confidence.Likely;
            // Where all that can start is Spot, there may well be capacity on demand.
            if (blocked is BlockedCause.InsufficientCapacity && SpotCauses.IsSpot(s)) return SpotCauses.Refused(s, reason);
            return new Cause(code, what, confidence, [Evidence.Of(FactSource.Job, null, "statusReason", reason)],
                [code == "max-vcpus" ? Raise(cure, s) : new Cure(cure, command)]);
        }
        return null;
    }

    // AWS's code without its kind, which stands before the colon.
    private static string Word(BlockedCause cause) => cause.Code().Split(':')[^1];

    private static Cure Raise(string text, Situation s)
    {
        if (s.Working.FirstOrDefault(e => e.Detail?.ComputeResources?.MaxvCpus is not null) is not { } first) return new Cure(text);
        int more = (s.Needs.Amount.MilliVCpus + 999) / 1000 * s.Needs.Nodes;
        return EnvironmentChanges.Raise(text, first.Name, first.Detail!, first.Detail!.ComputeResources!.MaxvCpus!.Value + more);
    }
}
