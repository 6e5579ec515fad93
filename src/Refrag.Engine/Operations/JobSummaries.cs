using System.Globalization;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;

namespace Refrag.Engine.Operations;

/// <summary>Jobs as ListJobs shows them, and which of them a request asks for.</summary>
internal static class JobSummaries
{
    /// <summary>A job in short.</summary>
    public static JobSummary Summarize(Job job, IReadOnlyDictionary<JobState, int> children, int? node = null)
    {
        string id = node is { } index ? JobIds.Node(job.Id, index) : job.Id;
        NodeRun? run = job.Nodes.ElementAtOrDefault(node ?? job.Plan.MainNode);
        return new JobSummary
        {
            JobArn = LocalArn.Job(id),
            JobId = id,
            JobName = job.Plan.Name,
            CreatedAt = job.CreatedAt,
            Status = job.State.ToStatus(),
            StatusReason = job.StatusReason,
            StartedAt = job.StartedAt,
            StoppedAt = job.StoppedAt,
            Container = run is null ? null : new ContainerSummary { ExitCode = run.ExitCode, Reason = run.Reason },
            ArrayProperties = Array(job, children),
            NodeProperties = Nodes(job, node),
            JobDefinition = job.Plan.Definition.JobDefinitionArn,
        };
    }

    /// <summary>Whether a job passes a filter of ListJobs; null where there is no such filter. Times are milliseconds since 1970.</summary>
    public static Func<Job, bool>? Filter(KeyValuesPair filter)
    {
        IReadOnlyList<string> values = filter.Values ?? [];
        return filter.Name switch
        {
            "JOB_NAME" => job => values.Any(value => Names(value, job.Plan.Name)),
            "JOB_DEFINITION" => job => values.Any(value => Names(value, job.Plan.Definition.JobDefinitionName) || value == job.Plan.Definition.JobDefinitionArn),
            "BEFORE_CREATED_AT" => job => values.Any(value => Milliseconds(value) is { } time && job.CreatedAt < time),
            "AFTER_CREATED_AT" => job => values.Any(value => Milliseconds(value) is { } time && job.CreatedAt > time),
            _ => null,
        };
    }

    // Names in filters ignore case and may end in *. (API ListJobs.filters)
    private static bool Names(string pattern, string name) => pattern is [.. var start, '*']
        ? name.StartsWith(start, StringComparison.OrdinalIgnoreCase)
        : string.Equals(name, pattern, StringComparison.OrdinalIgnoreCase);

    private static long? Milliseconds(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : null;

    private static ArrayPropertiesSummary? Array(Job job, IReadOnlyDictionary<JobState, int> children)
    {
        if (job.IsArrayParent) return new ArrayPropertiesSummary { Size = job.Plan.ArraySize, StatusSummary = JobDetails.Summary(children) };
        return job.Index is { } index ? new ArrayPropertiesSummary { Index = index } : null;
    }

    private static NodePropertiesSummary? Nodes(Job job, int? node)
    {
        if (!job.Plan.IsMultiNode) return null;
        return node is { } index
            ? new NodePropertiesSummary { NodeIndex = index, IsMainNode = index == job.Plan.MainNode }
            : new NodePropertiesSummary { NumNodes = job.Plan.Nodes.Count };
    }
}
