using Refrag.Aws.Batch;

namespace Refrag.Engine.Details;

/// <summary>
/// Answers with the empty lists and maps that Batch writes where nothing was given: clients index them without asking. Which members those
/// are: answers of describe-jobs, describe-job-definitions and describe-compute-environments that users published, and what Terraform's
/// provider removes from an answer before it compares.
/// </summary>
internal static class EmptyCollections
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <summary>A map, or an empty one.</summary>
    public static IReadOnlyDictionary<string, string> OrNone(IReadOnlyDictionary<string, string>? map) => map ?? s_none;

    /// <summary>A job definition. Its platformCapabilities are absent if none were given.</summary>
    public static JobDefinition Fill(JobDefinition one) => one with
    {
        Parameters = OrNone(one.Parameters),
        Tags = OrNone(one.Tags),
        RetryStrategy = Fill(one.RetryStrategy),
        ContainerProperties = Fill(one.ContainerProperties),
        NodeProperties = Fill(one.NodeProperties),
        EcsProperties = Fill(one.EcsProperties),
        EksProperties = Fill(one.EksProperties),
    };

    /// <summary>
    /// A retry strategy. Batch answers the actions in lower case, however they were given. (Terraform's acceptance test of job definitions
    /// gives RETRY and exit, and finds another case for the first alone)
    /// </summary>
    public static RetryStrategy? Fill(RetryStrategy? one) => one is null ? null : one with
    {
        EvaluateOnExit = [.. (one.EvaluateOnExit ?? []).Select(entry => entry with { Action = entry.Action.ToLowerInvariant() })],
    };

    /// <summary>The properties of a multi-node job.</summary>
    public static NodeProperties? Fill(NodeProperties? one) => one is null ? null : one with
    {
        NodeRangeProperties = [.. one.NodeRangeProperties.Select(range => range with
        {
            Container = Fill(range.Container),
            EcsProperties = Fill(range.EcsProperties),
            EksProperties = Fill(range.EksProperties),
        })],
    };

    /// <summary>The options of a container's kernel.</summary>
    public static LinuxParameters? Fill(LinuxParameters? one) =>
        one is null ? null : one with { Devices = one.Devices ?? [], Tmpfs = one.Tmpfs ?? [] };

    /// <summary>Where a container logs to.</summary>
    public static LogConfiguration? Fill(LogConfiguration? one) =>
        one is null ? null : one with { Options = OrNone(one.Options), SecretOptions = one.SecretOptions ?? [] };

    /// <summary>The resources of a compute environment.</summary>
    public static ComputeResource? Fill(ComputeResource? one) => one is null ? null : one with
    {
        Tags = OrNone(one.Tags),
        LaunchTemplate = one.LaunchTemplate is { } template ? template with { Overrides = template.Overrides ?? [] } : null,
    };

    private static ContainerProperties? Fill(ContainerProperties? one) => one is null ? null : one with
    {
        Command = one.Command ?? [],
        Volumes = one.Volumes ?? [],
        Environment = one.Environment ?? [],
        MountPoints = one.MountPoints ?? [],
        Ulimits = one.Ulimits ?? [],
        ResourceRequirements = one.ResourceRequirements ?? [],
        Secrets = one.Secrets ?? [],
        LinuxParameters = Fill(one.LinuxParameters),
        LogConfiguration = Fill(one.LogConfiguration),
    };

    private static EcsProperties? Fill(EcsProperties? one) => one is null ? null : one with
    {
        TaskProperties = [.. one.TaskProperties.Select(task => task with
        {
            Containers = [.. task.Containers.Select(Fill)],
            Volumes = task.Volumes ?? [],
        })],
    };

    private static TaskContainerProperties Fill(TaskContainerProperties one) => one with
    {
        Command = one.Command ?? [],
        DependsOn = one.DependsOn ?? [],
        Environment = one.Environment ?? [],
        MountPoints = one.MountPoints ?? [],
        ResourceRequirements = one.ResourceRequirements ?? [],
        Secrets = one.Secrets ?? [],
        Ulimits = one.Ulimits ?? [],
        LinuxParameters = Fill(one.LinuxParameters),
        LogConfiguration = Fill(one.LogConfiguration),
    };

    private static EksProperties? Fill(EksProperties? one) => one?.PodProperties is not { } pod ? one : one with
    {
        PodProperties = pod with
        {
            Containers = [.. (pod.Containers ?? []).Select(Fill)],
            InitContainers = [.. (pod.InitContainers ?? []).Select(Fill)],
            Volumes = pod.Volumes ?? [],
        },
    };

    private static EksContainer Fill(EksContainer one) => one with
    {
        Command = one.Command ?? [],
        Args = one.Args ?? [],
        Env = one.Env ?? [],
        VolumeMounts = one.VolumeMounts ?? [],
    };
}
