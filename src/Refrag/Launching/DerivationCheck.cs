using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Targeting;

namespace Refrag.Launching;

/// <summary>
/// Whether the queue and the chosen definition go with what a job's own words change of it. What AWS would refuse, or accept and never
/// start, is reported before a definition is registered.
/// </summary>
internal static class DerivationCheck
{
    /// <summary>Everything that is wrong; empty if nothing is, or if nothing of a container is changed.</summary>
    public static IReadOnlyList<Problem> Check(JobSpec spec, LaunchPlan plan, CheckedTarget target)
    {
        if (plan.Derivation is not { Changes.Container: { } changes } derivation) return [];
        if (derivation.ChangedContainer(target.Definition) is not { } container) return [];
        bool isFargate = derivation.IsFargate(target.Definition);
        return
        [
            .. Roles(spec, derivation, changes, container, isFargate),
            .. Platform(spec, derivation, changes, container, isFargate),
            .. Queue(spec, target.Queue, isFargate),
        ];
    }

    // UG specifying-sensitive-data: the execution role reads the secrets. API ContainerProperties.executionRoleArn: required on Fargate.
    // API EFSAuthorizationConfig.iam: a job role must be given; ECS API S3FilesVolumeConfiguration: always.
    private static IEnumerable<Problem> Roles(
        JobSpec spec, DefinitionDerivation derivation, ContainerChanges changes, ContainerProperties container, bool isFargate)
    {
        bool hasSecrets = changes.Secrets.Count > 0;
        if ((hasSecrets || isFargate) && string.IsNullOrEmpty(container.ExecutionRoleArn))
            yield return new Problem
            {
                Code = "RF8057",
                What = $"{(hasSecrets ? "env.secrets" : "env.platform=fargate")} needs an execution role, and job definition "
                    + $"{derivation.Base} has none",
                Cause = "It is the role that AWS takes to read secrets and, on Fargate, to pull the image and write the log",
                Cure = "Name one that may read them: env.execution_role_arn=ARN.",
                Place = spec.Places.Of("env.execution_role_arn"),
            };
        bool hasIam = container.Volumes?.Any(
            volume => volume.EfsVolumeConfiguration?.AuthorizationConfig?.Iam == EFSAuthorizationConfigIAM.Enabled) == true;
        if (hasIam && string.IsNullOrEmpty(container.JobRoleArn))
            yield return new Problem
            {
                Code = "RF8057",
                What = $"A volume of EFS with iam: true needs a job role, and job definition {derivation.Base} has none",
                Cause = "The job role is who mounts it",
                Cure = "Name one: env.job_role_arn=ARN. Or remove iam from the volume.",
                Place = spec.Places.Of("env.job_role_arn"),
            };
        bool hasS3Files = container.Volumes?.Any(volume => volume.S3filesVolumeConfiguration is not null) == true;
        if (hasS3Files && string.IsNullOrEmpty(container.JobRoleArn))
            yield return new Problem
            {
                Code = "RF8057",
                What = $"A volume of S3 Files needs a job role, and job definition {derivation.Base} has none",
                Cause = "The job role is who mounts it",
                Cure = "Name one: env.job_role_arn=ARN.",
                Place = spec.Places.Of("env.job_role_arn"),
            };
    }

    private static IEnumerable<Problem> Platform(
        JobSpec spec, DefinitionDerivation derivation, ContainerChanges changes, ContainerProperties container, bool isFargate)
    {
        if (!isFargate && changes.EphemeralStorageGiB is not null)
            yield return new Problem
            {
                Code = "RF8058",
                What = $"env.ephemeral_storage is for Fargate, and job definition {derivation.Base} is for EC2",
                Cause = "A job on EC2 has the disk of its instance",
                Cure = "Run it on Fargate: env.platform=fargate. Or remove it; a launch template gives instances a larger disk.",
                Place = spec.Places.Of("env.ephemeral_storage"),
            };
        if (!isFargate) yield break;
        // API RegisterJobDefinition: multi-node jobs don't run on Fargate.
        string[] wrong = [.. FargateMembers.NotApplicable(container), .. spec.Nodes > 1 ? ["nodeProperties"] : (string[])[]];
        if (wrong.Length == 0) yield break;
        yield return new Problem
        {
            Code = "RF8058",
            What = $"The job is for Fargate, which does not take {string.Join(", ", wrong)}",
            Cause = $"Job definition {derivation.Base} and the keys of env say it together",
            Cure = "Name a definition without them with env.job_definition_name, or run the job on EC2: env.platform=ec2.",
            Place = spec.Places.Of("env.platform"),
        };
    }

    // UG job_queues: the environments of a queue are all of EC2 or all of Fargate. A type that is newer than this program, or none, says
    // nothing.
    private static IEnumerable<Problem> Queue(JobSpec spec, JobQueueDetail queue, bool isFargate)
    {
        string other = isFargate ? JobQueueType.Ecs : JobQueueType.EcsFargate;
        if (queue.JobQueueType != other) yield break;
        (string wanted, string found) = isFargate ? ("Fargate", "EC2") : ("EC2", "Fargate");
        yield return new Problem
        {
            Code = "RF8059",
            What = $"The job is for {wanted}, and job queue {queue.JobQueueName} is for {found}",
            Cause = "All compute environments of a queue are of the same kind",
            Cure = $"Name a queue for {wanted} with env.job_queue, or set env.platform={found.ToLowerInvariant()}.",
            Place = spec.Places.Of("env.platform"),
        };
    }
}
