using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Policies;

namespace Refrag.Monitoring;

/// <summary>The request that makes a job again, read from what Batch says of the job.</summary>
public static class Resubmission
{
    /// <summary>The tag that links a job to the one it repeats.</summary>
    public const string Tag = "refrag:retry-of";

    // A job may have 50 tags, and the submission's id is one. (API SubmitJob)
    private const int MostTags = 49;

    /// <summary>The request, or why there can be none. Dependencies that have succeeded are left out, for Batch forgets them.</summary>
    /// <param name="job">The job to repeat.</param>
    /// <param name="succeeded">Ids among its dependencies that have succeeded.</param>
    /// <param name="nodes">Of a multi-node job the first node of each range (<see cref="FirstNodes"/>), as far as Batch knows them: what a
    /// range runs stands there, its command too.</param>
    /// <param name="ownTags">Tags that the new job has beside those of the old one, and before them if there is no room for all.</param>
    public static Result<SubmitJobRequest> Of(
        JobDetail job, IReadOnlyCollection<string> succeeded, IReadOnlyList<JobDetail>? nodes = null,
        params IReadOnlyList<KeyValuePair<string, string>> ownTags)
    {
        if (job.ArrayProperties?.Index is not null)
            return Refused(job, "is one child of an array, and Batch submits arrays as a whole", $"refrag retry {job.JobId.Split(':')[0]}");
        if (job.NodeDetails?.NodeIndex is not null && job.JobId.Contains('#', StringComparison.Ordinal))
            return Refused(job, "is one node of a multi-node job", $"refrag retry {job.JobId.Split('#')[0]}");
        if (job.EksProperties is not null || job.EcsProperties is not null)
            return Refused(
                job, "runs on EKS or as several containers, which refrag does not submit", "submit it as it was submitted first");
        List<JobDependency> open = [.. (job.DependsOn ?? []).Where(d => d.JobId is null || !succeeded.Contains(d.JobId))];
        return new SubmitJobRequest
        {
            JobName = job.JobName,
            JobQueue = job.JobQueue,
            JobDefinition = job.JobDefinition,
            ShareIdentifier = job.ShareIdentifier,
            SchedulingPriorityOverride = job.ShareIdentifier is null ? null : job.SchedulingPriority,
            ArrayProperties = job.ArrayProperties?.Size is { } size and > 0 ? new ArrayProperties { Size = size } : null,
            DependsOn = open.Count > 0 ? open : null,
            Parameters = job.Parameters is { Count: > 0 } ? job.Parameters : null,
            ContainerOverrides = job.NodeProperties is null && job.Container is { } container ? Overrides(container) : null,
            NodeOverrides = job.NodeProperties is { } properties ? Overrides(job.JobId, properties, nodes ?? []) : null,
            RetryStrategy = job.RetryStrategy?.Attempts is > 0 ? job.RetryStrategy : null,
            Timeout = job.Timeout?.AttemptDurationSeconds is > 0 ? job.Timeout : null,
            PropagateTags = job.PropagateTags,
            Tags = Tags(job, ownTags),
            ConsumableResourcePropertiesOverride = job.ConsumableResourceProperties,
        };
    }

    private static ContainerOverrides Overrides(ContainerDetail container) =>
        Overrides(container.Command, container.Environment, container.ResourceRequirements, container.Vcpus, container.Memory);

    private static ContainerOverrides Overrides(
        IReadOnlyList<string>? command, IReadOnlyList<Aws.Batch.KeyValuePair>? environment,
        IReadOnlyList<ResourceRequirement>? requirements, int? vcpus, int? memory)
    {
        return new ContainerOverrides
        {
            Command = command is { Count: > 0 } ? command : null,
            Environment = Own(environment),
            ResourceRequirements = Requirements(requirements, vcpus, memory),
        };
    }

    /// <summary>The ids of the first node of each of its ranges; empty for a job of one container.</summary>
    public static IReadOnlyList<string> FirstNodes(JobDetail job) =>
        [.. (job.NodeProperties?.NodeRangeProperties ?? []).Select(range => FirstNode(job.JobId, range))];

    // "0:3", "2:", ":1" or "4".
    private static string FirstNode(string jobId, NodeRangeProperty range)
    {
        string first = (range.TargetNodes ?? "").Split(':')[0];
        return $"{jobId}#{(first.Length == 0 ? "0" : first)}";
    }

    private static NodeOverrides Overrides(string jobId, NodeProperties properties, IReadOnlyList<JobDetail> nodes) => new()
    {
        NumNodes = properties.NumNodes,
        NodePropertyOverrides =
        [
            .. properties.NodeRangeProperties.Where(range => range.Container is not null).Select(range => new NodePropertyOverride
            {
                TargetNodes = range.TargetNodes,
                ContainerOverrides = nodes.FirstOrDefault(n => n.JobId == FirstNode(jobId, range))?.Container is { } ran
                    ? Overrides(ran)
                    : Overrides(range.Container!.Command, range.Container.Environment, range.Container.ResourceRequirements,
                    range.Container.Vcpus, range.Container.Memory),
            }),
        ],
    };

    // What Batch has set itself stands among them, and cannot be set by others. (UG job_env_vars)
    private static List<Aws.Batch.KeyValuePair>? Own(IReadOnlyList<Aws.Batch.KeyValuePair>? environment)
    {
        List<Aws.Batch.KeyValuePair> own = [.. (environment ?? []).Where(
            v => v.Name?.StartsWith("AWS_BATCH", StringComparison.Ordinal) != true)];
        return own.Count > 0 ? own : null;
    }

    // The old fields cannot be overridden any more; the new ones say the same. (API ContainerOverrides)
    private static List<ResourceRequirement>? Requirements(IReadOnlyList<ResourceRequirement>? given, int? vcpus, int? memory)
    {
        List<ResourceRequirement> all = [.. given ?? []];
        if (vcpus is { } v and > 0 && all.TrueForAll(r => r.Type != ResourceType.Vcpu))
            all.Add(new ResourceRequirement { Type = ResourceType.Vcpu, Value = v.ToString(CultureInfo.InvariantCulture) });
        if (memory is { } m and > 0 && all.TrueForAll(r => r.Type != ResourceType.Memory))
            all.Add(new ResourceRequirement { Type = ResourceType.Memory, Value = m.ToString(CultureInfo.InvariantCulture) });
        return all.Count > 0 ? all : null;
    }

    private static Dictionary<string, string> Tags(JobDetail job, IReadOnlyList<KeyValuePair<string, string>> ownTags)
    {
        Dictionary<string, string> tags = new(ownTags, StringComparer.Ordinal) { [Tag] = job.JobId };
        foreach ((string key, string value) in job.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            bool own = key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase) || key is Tag or Submission.SubmissionId.Tag
                // They say what became of the old one.
                || key is JobPolicy.MovedToTag or JobPolicy.ReclaimedTag or RegionMoves.MovedToRegionTag or RegionMoves.MovedFromRegionTag;
            if (!own && tags.Count < MostTags) tags.TryAdd(key, value);
        }
        return tags;
    }

    private static Problem Refused(JobDetail job, string what, string cure) => new()
    {
        Code = "RF5024",
        What = $"Job {job.JobId} {what}",
        Cure = $"Instead: {cure}.",
    };
}
