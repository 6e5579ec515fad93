using Refrag.Aws.Batch;
using System.Globalization;
using Refrag.Monitoring;

namespace Refrag.Diagnosis;

/// <summary>The queue itself: gone, disabled, invalid, without environments, or of the other kind of sharing.</summary>
internal static class QueueCauses
{
    public static IEnumerable<Cause> Find(Situation s)
    {
        if (s.Queue is not { } queue)
        {
            yield return new Cause("queue-missing", $"There is no job queue {s.QueueName}", Confidence.Certain,
                [Evidence.Of(FactSource.JobQueue, s.QueueName, "status", null, "DescribeJobQueues does not know it in this region")],
                [new Cure("See which queues there are", "refrag queues"), new Cure("Make the queues", "refrag infra apply")]);
            yield break;
        }
        string name = queue.JobQueueName;
        if (queue.Status is JQStatus.Invalid or JQStatus.Deleting or JQStatus.Deleted)
        {
            yield return new Cause("queue-invalid", $"Job queue {name} is {queue.Status}", Confidence.Certain,
                [Evidence.Of(FactSource.JobQueue, name, "statusReason", queue.StatusReason)],
                [new Cure("Look at its environments and repair the one that is broken", "refrag envs")
                {
                    Assumed = c => c with { Queue = queue with { Status = JQStatus.Valid } },
                }]);
        }
        // Jobs that are in a disabled queue continue. (API UpdateJobQueue: "jobs already in the queue can finish")
        if (queue.State == JQState.Disabled && s.Job is null)
        {
            yield return new Cause("queue-disabled", $"Job queue {name} is disabled: it takes no new jobs", Confidence.Certain,
                [Evidence.Of(FactSource.JobQueue, name, "state", queue.State)],
                [new Cure("Enable it", $"aws batch update-job-queue --job-queue {name} --state ENABLED")
                {
                    Changed = c => c with { Queue = queue with { State = JQState.Enabled } },
                }]);
        }
        if (queue.ComputeEnvironmentOrder.Count == 0 && queue.ServiceEnvironmentOrder is not { Count: > 0 })
        {
            yield return new Cause("queue-without-environment", $"Job queue {name} has no compute environment", Confidence.Certain,
                [Evidence.Of(FactSource.JobQueue, name, "computeEnvironmentOrder", null, "computeEnvironmentOrder is empty")],
                [new Cure("Give it one",
                    $"aws batch update-job-queue --job-queue {name} --compute-environment-order order=1,computeEnvironment=NAME")]);
        }
        if (Sharing(s, name) is { } sharing) yield return sharing;
    }

    // The policy's own shares come first; any other has the weight 1. (API ShareAttributes)
    private static string Share(Situation s) => s.Policy?.FairsharePolicy?.ShareDistribution?
        .Select(d => d.ShareIdentifier).FirstOrDefault(share => !share.EndsWith('*')) ?? "default";

    private static Cause? Sharing(Situation s, string name)
    {
        if (s.Job is not null) return null;
        bool fair = !string.IsNullOrEmpty(s.Queue!.SchedulingPolicyArn);
        if (fair && s.Share is null)
        {
            return new Cause("share-missing", $"Job queue {name} shares fairly, and the job names no share", Confidence.Certain,
                [Evidence.Of(FactSource.JobQueue, name, "schedulingPolicyArn", AwsNames.Short(s.Queue.SchedulingPolicyArn))],
                [new Cure("Name one", $"env.share_identifier={Share(s)}") { Changed = c => c with { Share = Share(s) } }]);
        }
        return !fair && s.Share is { } share
            ? new Cause("share-refused", $"Job queue {name} is first in, first out, and refuses a share identifier", Confidence.Certain,
            [Evidence.Of(FactSource.Job, null, "shareIdentifier", share)],
                [new Cure("Leave it out", "env.share_identifier=''") { Changed = c => c with { Share = null } }])
            : null;
    }
}

/// <summary>The definition: gone or deregistered, or for another platform.</summary>
internal static class DefinitionCauses
{
    public static IEnumerable<Cause> Find(Situation s)
    {
        // A job that was submitted carries its definition with it; only a planned one needs it.
        if (s.Job is null && s.Definition is null)
        {
            yield return new Cause("definition-missing", $"There is no job definition {s.DefinitionName}", Confidence.Certain,
                [Evidence.Of(FactSource.JobDefinition, s.DefinitionName, "status", null,
                    "DescribeJobDefinitions does not know it in this region")],
                [new Cure("Make the definitions", "refrag infra apply"), new Cure("Name another", "env.job_definition_name=NAME")]);
        }
        else if (s.Job is null && s.Definition is { Status: not JobDefinitionStatus.Active and not null } gone)
        {
            yield return new Cause("definition-inactive", $"Job definition {s.DefinitionName} was deregistered: it has no active revision",
                Confidence.Certain,
                [Evidence.Of(FactSource.JobDefinition, s.DefinitionName, "status", gone.Status,
                    string.Create(CultureInfo.InvariantCulture, $"revision {gone.Revision} is {gone.Status}"))],
                [new Cure("Register it again", "refrag infra apply"),
                    new Cure("Name another", "env.job_definition_name=NAME")
                    {
                        Assumed = c => c with { Definition = gone with { Status = JobDefinitionStatus.Active } },
                    }]);
        }
        if (Platform(s) is { } platform) yield return platform;
    }

    private static Cause? Platform(Situation s)
    {
        IReadOnlyList<string>? wanted = s.Job?.PlatformCapabilities ?? s.Definition?.PlatformCapabilities;
        if (wanted is not { Count: > 0 } || s.Environments.Count == 0 || wanted.Except(PlatformCapability.All).Any()) return null;
        string[] offered = [.. s.Environments
            .Select(e => e.Detail?.ComputeResources?.Type switch
            {
                CRType.Fargate or CRType.FargateSpot => PlatformCapability.Fargate,
                CRType.Ec2 or CRType.Spot => PlatformCapability.Ec2,
                CRType.EcsManagedInstances => PlatformCapability.ManagedInstances,
                // Of a platform that is newer than this program nothing is said.
                _ => "",
            }).Distinct()];
        if (offered.Contains("") || offered.Any(o => wanted.Contains(o, StringComparer.Ordinal))) return null;
        return new Cause("wrong-platform",
            $"The definition is for {string.Join(" and ", wanted)}, and queue {s.QueueName} has {string.Join(" and ", offered)} "
                + "environments", Confidence.Certain,
            [Evidence.Of(FactSource.Job, null, "platformCapabilities", string.Join(", ", wanted))],
            [new Cure("Name a queue of that platform", "env.job_queue=NAME"), new Cure("Register a definition for this platform")]);
    }
}

/// <summary>Consumable resources that have too little free.</summary>
internal static class ConsumableCauses
{
    public static IEnumerable<Cause> Find(Situation s) =>
        from one in s.Consumables
        where one.Wanted > one.Available
        select new Cause("consumable-short", $"Consumable resource {one.Name} has too little left", Confidence.Certain,
            [new Evidence(string.Create(CultureInfo.InvariantCulture, $"wants {one.Wanted}, {one.Available} available"),
                [new Fact(FactSource.ConsumableResource, one.Name, "availableQuantity",
                    one.Available.ToString(CultureInfo.InvariantCulture), one.Wanted.ToString(CultureInfo.InvariantCulture))])],
            [new Cure("Wait until jobs give it back, or raise it",
                $"aws batch update-consumable-resource --consumable-resource {one.Name} --operation ADD --quantity "
                    + $"{one.Wanted - one.Available}")
            {
                Changed = c => c with
                {
                    Consumables = [.. c.Consumables.Select(r => r.Name == one.Name ? r with { Available = one.Wanted } : r)],
                },
            }]);
}
