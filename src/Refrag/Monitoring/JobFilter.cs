using Refrag.Aws.Batch;

namespace Refrag.Monitoring;

/// <summary>Which jobs are meant. What is empty or null means all.</summary>
public sealed record JobFilter
{
    /// <summary>Names or ARNs of queues; empty for every queue of the region.</summary>
    public IReadOnlyList<string> Queues { get; init; } = [];

    /// <summary>States, such as <c>RUNNING</c>; empty for every state.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];

    /// <summary>A job's name, perhaps with <c>*</c> and <c>?</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Only jobs made at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Tags that a job must have. They cost a DescribeJobs for every hundred jobs.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether a job is meant, as far as its summary shows: not by its tags.</summary>
    public bool Matches(JobSummary job) =>
        (Statuses.Count == 0 || Statuses.Contains(job.Status ?? "", StringComparer.Ordinal))
        && (Name is null || Glob.Matches(Name, job.JobName))
        && (Since is not { } since || job.CreatedAt is not { } made || made >= since.ToUnixTimeMilliseconds());

    /// <summary>Whether a job has the tags.</summary>
    public bool MatchesTags(IReadOnlyDictionary<string, string>? tags) =>
        Tags.All(wanted => tags is not null && tags.TryGetValue(wanted.Key, out string? value) && Glob.Matches(wanted.Value, value));
}
