using Refrag.Aws.Batch;
using Refrag.Launching;
using Refrag.Submission;

namespace Refrag.BatchSubmitter;

/// <summary>The requests of a batch submission. Pure.</summary>
public static class SubmitterPlan
{
    /// <summary>
    /// The registration: the settings over what the active revision says, so that roles, logging and mounts set up elsewhere stay.
    /// </summary>
    /// <param name="settings">What the variables said.</param>
    /// <param name="active">The newest active revision; null if there is none.</param>
    public static RegisterJobDefinitionRequest Register(SubmitterSettings settings, JobDefinition? active)
    {
        ContainerProperties before = active?.ContainerProperties ?? new ContainerProperties();
        return Registration(settings.Definition, active, DefinitionDerivation.Changed(before, settings.Changes, isFargate: false) with
        {
            Command = settings.Command.Count > 0 ? settings.Command : before.Command,
            // The old fields would contradict the requirements. (API ContainerProperties)
            Vcpus = null,
            Memory = null,
            ResourceRequirements = LaunchPlanner.ResourceRequirements(new(settings.Gpus, settings.VCpus, settings.Memory)),
        });
    }

    /// <summary>Whether the active revision says already what the settings ask for, so that none need be registered.</summary>
    public static bool IsUpToDate(SubmitterSettings settings, JobDefinition active) =>
        ContentHash.Of(Register(settings, active)) == ContentHash.Of(Registration(settings.Definition, active, active.ContainerProperties));

    private static RegisterJobDefinitionRequest Registration(string name, JobDefinition? active, ContainerProperties? container) => new()
    {
        JobDefinitionName = name,
        Type = JobDefinitionType.Container,
        Parameters = active?.Parameters,
        SchedulingPriority = active?.SchedulingPriority,
        ContainerProperties = container,
        RetryStrategy = active?.RetryStrategy ?? Retries.Strategy(attempts: 3),
        PropagateTags = true,
        Timeout = active?.Timeout,
        Tags = DefinitionDerivation.CarriedTags(active),
        PlatformCapabilities = active?.PlatformCapabilities ?? [PlatformCapability.Ec2],
    };

    /// <summary>The submission of the registered revision, without its id.</summary>
    /// <param name="settings">What the variables said.</param>
    /// <param name="definition">The revision, as <c>name:revision</c>.</param>
    /// <param name="user">The name of the user who submits.</param>
    public static SubmitJobRequest Submit(SubmitterSettings settings, string definition, string user) => new()
    {
        JobName = settings.JobName,
        JobQueue = settings.Queue,
        JobDefinition = definition,
        Timeout = settings.Timeout is { } timeout ? new JobTimeout { AttemptDurationSeconds = (int)timeout.TotalSeconds } : null,
        PropagateTags = true,
        Tags = LaunchTags.For(settings.JobName, settings.Tags, user),
    };
}
