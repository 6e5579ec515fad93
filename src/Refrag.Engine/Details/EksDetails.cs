using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;

namespace Refrag.Engine.Details;

/// <summary>Jobs with eksProperties as DescribeJobs shows them: the definition's pod, with what is known of its simulated run.</summary>
internal static class EksDetails
{
    public static EksPropertiesDetail Describe(Job job, EksProperties properties)
    {
        EksPodProperties pod = properties.PodProperties ?? new EksPodProperties();
        EksPodPropertiesOverride? above = job.Plan.Request?.EksPropertiesOverride?.PodProperties;
        NodeRun? run = job.Nodes.ElementAtOrDefault(0);
        return new EksPropertiesDetail
        {
            PodProperties = new EksPodPropertiesDetail
            {
                ServiceAccountName = pod.ServiceAccountName,
                HostNetwork = pod.HostNetwork,
                DnsPolicy = pod.DnsPolicy,
                ImagePullSecrets = pod.ImagePullSecrets,
                Containers = Containers(pod.Containers, above?.Containers, run),
                InitContainers = Containers(pod.InitContainers, above?.InitContainers, run),
                Volumes = pod.Volumes ?? [],
                PodName = run is null ? null : PodName(run),
                NodeName = run is null ? null : LocalArn.InstanceId,
                Metadata = above?.Metadata ?? pod.Metadata,
                ShareProcessNamespace = pod.ShareProcessNamespace,
            },
        };
    }

    /// <summary>The attempts that have ended.</summary>
    public static IReadOnlyList<EksAttemptDetail> Attempts(Job job) => [.. job.Attempts.Select(attempt => new EksAttemptDetail
    {
        Containers = [new EksAttemptContainerDetail { ExitCode = attempt.Container?.ExitCode, Reason = attempt.Container?.Reason }],
        NodeName = LocalArn.InstanceId,
        StartedAt = attempt.StartedAt,
        StoppedAt = attempt.StoppedAt,
        StatusReason = attempt.StatusReason,
    })];

    private static string PodName(NodeRun run) => $"aws-batch.{run.TaskId}";

    private static List<EksContainerDetail>? Containers(
        IReadOnlyList<EksContainer>? containers, IReadOnlyList<EksContainerOverride>? overrides, NodeRun? run) =>
        containers?.Select(
            (one, at) =>
                Container(one,
                    (overrides ?? []).FirstOrDefault(above => above.Name == one.Name)
                        ?? (at == 0 && overrides is [var first, ..] ? first : null), run)).ToList();

    private static EksContainerDetail Container(EksContainer container, EksContainerOverride? above, NodeRun? run) => new()
    {
        Name = container.Name,
        Image = above?.Image ?? container.Image,
        ImagePullPolicy = container.ImagePullPolicy,
        Command = above?.Command ?? container.Command ?? [],
        Args = above?.Args ?? container.Args ?? [],
        Env = [.. (container.Env ?? []).Concat(above?.Env ?? []).GroupBy(one => one.Name).Select(same => same.Last())],
        Resources = above?.Resources ?? container.Resources,
        ExitCode = run?.ExitCode,
        Reason = run?.Reason,
        VolumeMounts = container.VolumeMounts ?? [],
        SecurityContext = container.SecurityContext,
    };
}
