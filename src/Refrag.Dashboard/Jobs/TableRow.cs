using System.Text.Json.Serialization;
using Refrag.Aws.Batch;
using Refrag.Monitoring;
using Refrag.Policies;
using Refrag.Scheduling.Fitting;

namespace Refrag.Dashboard.Jobs;

/// <summary>A row of the page's table of jobs; an array or a multi-node job is one. Times are milliseconds since 1970, in UTC.</summary>
internal sealed record TableRow
{
    /// <summary>The job's id.</summary>
    public required string Id { get; init; }

    /// <summary>The job's name.</summary>
    public required string Name { get; init; }

    /// <summary>The name of its queue.</summary>
    public required string Queue { get; init; }

    /// <summary>The state, as AWS names it.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is in this state, in Batch's words.</summary>
    public string? Reason { get; init; }

    /// <summary>When it was submitted.</summary>
    public long? Created { get; init; }

    /// <summary>When its newest attempt started.</summary>
    public long? Started { get; init; }

    /// <summary>When it ended.</summary>
    public long? Stopped { get; init; }

    /// <summary>The exit code of its newest attempt.</summary>
    public int? Exit { get; init; }

    /// <summary>How many children an array has.</summary>
    public int? Size { get; init; }

    /// <summary>How many nodes it has.</summary>
    public int? Nodes { get; init; }

    /// <summary>Its share identifier.</summary>
    public string? Share { get; init; }

    /// <summary>Its tags; null until it was described.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>vCPUs that it asks for, in thousandths; null until it was described.</summary>
    public int? MilliVcpus { get; init; }

    /// <summary>Memory that it asks for, in MiB.</summary>
    public int? MemoryMiB { get; init; }

    /// <summary>GPUs that it asks for; null for none.</summary>
    public int? Gpus { get; init; }

    /// <summary>How many attempts have ended.</summary>
    public int? Attempts { get; init; }

    /// <summary>How many of them have lost their host; null for none.</summary>
    public int? Lost { get; init; }

    /// <summary>Of an array, how many children are in each state.</summary>
    public IReadOnlyDictionary<string, int>? Children { get; init; }

    /// <summary>The state in which it was described last; null if it was not.</summary>
    [JsonIgnore]
    public string? DescribedIn { get; init; }

    /// <summary>Whether it has ended.</summary>
    [JsonIgnore]
    public bool HasEnded => Status is JobStatus.Succeeded or JobStatus.Failed;

    /// <summary>
    /// Whether what DescribeJobs alone reports is unknown or old: attempts are counted when one ends, children change while an array lives.
    /// </summary>
    [JsonIgnore]
    public bool NeedsDescription => DescribedIn is null || (Size > 0 && !HasEnded)
        || (DescribedIn != Status && (HasEnded || Status == JobStatus.Runnable));

    /// <summary>As a list shows it, with what was known of it before.</summary>
    public static TableRow Of(ListedJob job, TableRow? known)
    {
        JobSummary summary = job.Summary;
        return Known(known, summary.JobId) with
        {
            Name = summary.JobName,
            Queue = job.Queue,
            Status = summary.Status ?? "",
            Reason = Text(summary.StatusReason ?? summary.Container?.Reason),
            Created = summary.CreatedAt,
            Started = Time(summary.StartedAt),
            Stopped = Time(summary.StoppedAt),
            Exit = summary.Container?.ExitCode,
            Size = summary.ArrayProperties?.Size,
            Nodes = summary.NodeProperties?.NumNodes,
            Share = Text(summary.ShareIdentifier),
        };
    }

    /// <summary>As DescribeJobs reports it.</summary>
    public static TableRow Of(JobDetail job, TableRow? known)
    {
        Requirement needs = JobNeeds.Of(job);
        TableRow row = Known(known, job.JobId) with
        {
            Name = job.JobName,
            Queue = AwsNames.Short(job.JobQueue),
            Status = job.Status,
            Reason = Text(job.StatusReason ?? job.Container?.Reason),
            Created = job.CreatedAt,
            Started = Time(job.StartedAt),
            Stopped = Time(job.StoppedAt),
            Exit = job.Container?.ExitCode,
            Size = job.ArrayProperties?.Size,
            Nodes = job.NodeProperties?.NumNodes,
            Share = Text(job.ShareIdentifier),
            MilliVcpus = needs.Amount.MilliVCpus,
            MemoryMiB = needs.Amount.MemoryMiB,
            Gpus = needs.Amount.Gpus > 0 ? needs.Amount.Gpus : null,
            Attempts = job.Attempts?.Count ?? 0,
            Lost = JobObservation.Of(job).LostHosts.Count(lost => lost) is > 0 and var lost ? lost : null,
            DescribedIn = job.Status,
        };
        // The same content stays the same object, so that a row that has not changed equals the one before.
        return row with
        {
            Tags = Same(known?.Tags, job.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal)),
            Children = Same(known?.Children, job.ArrayProperties?.StatusSummary),
        };
    }

    private static TableRow Known(TableRow? known, string id) => known ?? new TableRow { Id = id, Name = "", Queue = "", Status = "" };

    private static IReadOnlyDictionary<string, T>? Same<T>(IReadOnlyDictionary<string, T>? old, IReadOnlyDictionary<string, T>? now) =>
        old is not null && now is not null && old.Count == now.Count
            && now.All(pair => old.TryGetValue(pair.Key, out T? value) && EqualityComparer<T>.Default.Equals(value, pair.Value))
            ? old
            : now;

    private static string? Text(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static long? Time(long? milliseconds) => milliseconds > 0 ? milliseconds : null;
}
