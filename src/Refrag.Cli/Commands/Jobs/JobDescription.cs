using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Costs;
using Refrag.History;
using Refrag.Monitoring;
using Refrag.Policies;
using Refrag.Scheduling;

namespace Refrag.Cli.Commands.Jobs;

/// <summary>The object of <c>refrag job --json</c>: one job with all that is known of it.</summary>
internal sealed record JobDescription
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The job's name.</summary>
    public required string JobName { get; init; }

    /// <summary>The name of the queue it was submitted to.</summary>
    public required string JobQueue { get; init; }

    /// <summary>The region that it is in; left out if its ARN does not say it.</summary>
    public string? Region { get; init; }

    /// <summary>The job's state, as AWS names it: <c>RUNNING</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Why it is in this state, in Batch's words.</summary>
    public string? StatusReason { get; init; }

    /// <summary>The job definition, with its revision.</summary>
    public required string JobDefinition { get; init; }

    /// <summary>When it was submitted.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>When its newest attempt started; left out if none has.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; left out if it has not.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The share identifier; left out if the queue has no scheduling policy.</summary>
    public string? ShareIdentifier { get; init; }

    /// <summary>What one container of the job needs.</summary>
    public required JobResources Resources { get; init; }

    /// <summary>The container image.</summary>
    public string? Image { get; init; }

    /// <summary>The container's command; empty if the image's own runs.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The exit code of its newest attempt; left out if there is none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>How many children an array job has; left out for other jobs.</summary>
    public int? ArraySize { get; init; }

    /// <summary>How many children of an array job are in each state; left out for other jobs.</summary>
    public IReadOnlyDictionary<string, int>? Children { get; init; }

    /// <summary>How many nodes a multi-node job has; left out for other jobs.</summary>
    public int? Nodes { get; init; }

    /// <summary>The attempts, oldest first.</summary>
    public required IReadOnlyList<JobAttempt> Attempts { get; init; }

    /// <summary>The ids of the jobs that it waits for; the type of a dependency that names no job.</summary>
    public required IReadOnlyList<string> DependsOn { get; init; }

    /// <summary>The job's tags.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    /// <summary>The log stream of its newest attempt; left out if it has none yet.</summary>
    public string? LogStream { get; init; }

    /// <summary>When it is expected to start; left out if it does not wait, or the server does not say, such as AWS.</summary>
    public ExpectedStart? ExpectedStart { get; init; }

    /// <summary>What it has cost so far, in USD; left out if no price is known.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>
    /// What that cost rests on: <c>measured</c> or <c>assumed</c>, with each one's part where it is both; <c>unknown</c> if no price is
    /// known. Left out if the job has not run, of an array, and on this machine.
    /// </summary>
    public string? CostBasis { get; init; }

    /// <summary>Where that cost comes from, or what it assumes: instance type, price and share of the instance.</summary>
    public string? CostAssumes { get; init; }

    /// <summary>The job and those that it repeats or was moved to, the oldest first; left out if it is the only one.</summary>
    public IReadOnlyList<ChainedJob>? Chain { get; init; }

    /// <summary>What it has used; of an array or of nodes the largest of its parts. Left out if it is not known.</summary>
    public JobUse? Used { get; init; }

    public static JobDescription Of(JobDetail job, string? log, RecordedCost? cost, Usage.JobUsage? usage, ExpectedStart? start = null)
    {
        int? size = job.ArrayProperties?.Size is > 0 ? job.ArrayProperties.Size : null;
        return new JobDescription
        {
            JobId = job.JobId,
            JobName = job.JobName,
            JobQueue = AwsNames.Short(job.JobQueue),
            Region = JobPlace.Of("", job.JobArn)?.Region,
            Status = job.Status,
            StatusReason = JsonOutput.Text(job.StatusReason),
            JobDefinition = AwsNames.Short(job.JobDefinition),
            CreatedAt = JsonOutput.Time(job.CreatedAt),
            StartedAt = JsonOutput.Time(job.StartedAt),
            StoppedAt = JsonOutput.Time(job.StoppedAt),
            ShareIdentifier = JsonOutput.Text(job.ShareIdentifier),
            Resources = JobResources.Of(JobNeeds.Of(job).Amount),
            Image = JsonOutput.Text(job.Container?.Image),
            Command = job.Container?.Command ?? [],
            ExitCode = job.Container?.ExitCode,
            ArraySize = size,
            Children = size is null ? null : job.ArrayProperties?.StatusSummary ?? new Dictionary<string, int>(StringComparer.Ordinal),
            Nodes = job.NodeProperties?.NumNodes,
            Attempts = [.. (job.Attempts ?? []).Select(JobAttempt.Of)],
            DependsOn = [.. (job.DependsOn ?? []).Select(d => d.JobId ?? d.Type ?? "")],
            Tags = job.Tags ?? new Dictionary<string, string>(StringComparer.Ordinal),
            LogStream = JsonOutput.Text(log),
            ExpectedStart = start,
            CostUsd = cost is { Usd: > 0 } ? JsonOutput.Rounded(cost.Usd) : null,
            CostBasis = cost?.Basis,
            CostAssumes = cost is null ? null : JsonOutput.Text(string.Join("; ", cost.Sources)),
            Used = usage is null ? null : JobUse.Of(usage),
        };
    }
}

/// <summary>A job of a chain.</summary>
internal sealed record ChainedJob
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The name of its queue; left out if Batch does not know the job.</summary>
    public string? JobQueue { get; init; }

    /// <summary>Its region; left out if Batch does not know the job.</summary>
    public string? Region { get; init; }

    /// <summary>Its state; left out if Batch does not know the job.</summary>
    public string? Status { get; init; }

    /// <summary>How many of its attempts have lost their host.</summary>
    public required int Reclaimed { get; init; }

    public static IReadOnlyList<ChainedJob>? Of(JobChain chain)
    {
        if (chain.Text is null) return null;
        List<ChainedJob> jobs =
        [
            .. chain.Jobs.Select(job => new ChainedJob
            {
                JobId = job.JobId,
                JobQueue = AwsNames.Short(job.JobQueue),
                Region = JobPlace.Of("", job.JobArn)?.Region,
                Status = job.Status,
                Reclaimed = JobObservation.Of(job).LostHosts.Count(lost => lost),
            }),
        ];
        if (chain.Next is { } next) jobs.Add(new ChainedJob { JobId = next, Reclaimed = 0 });
        return jobs;
    }
}

/// <summary>What one container of a job needs.</summary>
internal sealed record JobResources
{
    /// <summary>vCPUs; on Fargate also parts of one.</summary>
    public required decimal Vcpus { get; init; }

    /// <summary>Memory in MiB.</summary>
    public required long MemoryMiB { get; init; }

    /// <summary>Whole GPUs.</summary>
    public required long Gpus { get; init; }

    public static JobResources Of(Amount needs) =>
        new() { Vcpus = needs.VCpus.Value, MemoryMiB = needs.MemoryMiB, Gpus = needs.Gpus };
}

/// <summary>One attempt of a job.</summary>
internal sealed record JobAttempt
{
    /// <summary>When its container started; left out if it did not.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended; left out if it has not.</summary>
    public DateTimeOffset? StoppedAt { get; init; }

    /// <summary>The container's exit code; left out if it has none.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Why the container ended or did not start, in the container engine's words.</summary>
    public string? Reason { get; init; }

    /// <summary>Why the attempt ended, in Batch's words.</summary>
    public string? StatusReason { get; init; }

    /// <summary>Its log stream.</summary>
    public string? LogStream { get; init; }

    /// <summary>The ARN of the container instance that it ran on; left out on Fargate.</summary>
    public string? ContainerInstance { get; init; }

    public static JobAttempt Of(AttemptDetail attempt) => new()
    {
        StartedAt = JsonOutput.Time(attempt.StartedAt),
        StoppedAt = JsonOutput.Time(attempt.StoppedAt),
        ExitCode = attempt.Container?.ExitCode,
        Reason = JsonOutput.Text(attempt.Container?.Reason),
        StatusReason = JsonOutput.Text(attempt.StatusReason),
        LogStream = JsonOutput.Text(attempt.Container?.LogStreamName),
        ContainerInstance = JsonOutput.Text(attempt.Container?.ContainerInstanceArn),
    };
}
