using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Dashboard.Jobs;
using Refrag.Dashboard.Sources;
using Refrag.History;
using Refrag.Jobs;
using Refrag.Monitoring;
using Refrag.Policies;

namespace Refrag.Dashboard.Details;

/// <summary>One job, as its page shows it. Times are milliseconds since 1970, in UTC.</summary>
internal sealed record JobPage
{
    /// <summary>What the table shows of it.</summary>
    public required TableRow Job { get; init; }

    /// <summary>The job definition, with its revision.</summary>
    public string? Definition { get; init; }

    /// <summary>What it asks for, in words.</summary>
    public required string Needs { get; init; }

    /// <summary>The image.</summary>
    public string? Image { get; init; }

    /// <summary>The command, as a shell takes it.</summary>
    public string? Command { get; init; }

    /// <summary>Parameters of the definition that the submission set.</summary>
    public IReadOnlyDictionary<string, string>? Parameters { get; init; }

    /// <summary>The attempts, oldest first; one that runs is the last.</summary>
    public required IReadOnlyList<AttemptLane> Lanes { get; init; }

    /// <summary>What happened to it, in order.</summary>
    public required IReadOnlyList<Moment> Moments { get; init; }

    /// <summary>The ids of jobs that it waits for.</summary>
    public IReadOnlyList<string>? DependsOn { get; init; }

    /// <summary>The jobs that it repeats or succeeds, and those that succeed it, itself included; null for one alone.</summary>
    public IReadOnlyList<string>? Chain { get; init; }

    /// <summary>What it has cost so far; null if that is not known.</summary>
    public CostFigures? Cost { get; init; }

    /// <summary>What it has used; null if nothing has measured it.</summary>
    public UseFigures? Use { get; init; }

    /// <summary>When it is expected to start; null if it does not wait, or the server does not say.</summary>
    public StartFigures? Start { get; init; }

    /// <summary>All that Batch answers of it.</summary>
    public required JsonElement Request { get; init; }

    public static JobPage Of(JobDetail job, JobFigures? figures, JobChain? chain) => new()
    {
        Job = TableRow.Of(job, null),
        Definition = AwsNames.Short(job.JobDefinition) is { Length: > 0 } definition ? definition : null,
        Needs = JobNeeds.Of(job).ToString(),
        Image = job.Container?.Image,
        Command = job.Container?.Command is { Count: > 0 } command ? string.Join(' ', command.Select(ShellWord.Quote)) : null,
        Parameters = job.Parameters is { Count: > 0 } parameters ? parameters : null,
        Lanes = AttemptLane.Of(job),
        Moments = [.. JobTimeline.Of(job).Select(moment => new Moment(moment.At.ToUnixTimeMilliseconds(), moment.What))],
        DependsOn = job.DependsOn is { Count: > 0 } depends ? [.. depends.Select(one => one.JobId).OfType<string>()] : null,
        Chain = chain is { Jobs.Count: > 1 } or { Next: not null }
            ? [.. chain.Jobs.Select(one => one.JobId), .. chain.Next is { } next ? (string[])[next] : []]
            : null,
        Cost = figures?.Cost is { } cost ? CostFigures.Of(cost) : null,
        Use = figures?.Usage is { } usage ? UseFigures.Of(usage, job) : null,
        Start = figures?.Start is { Earliest: not null } start ? StartFigures.Of(start) : null,
        Request = JsonSerializer.SerializeToElement(job, BatchJson.Options.GetTypeInfo(typeof(JobDetail))),
    };
}

/// <summary>Something that happened.</summary>
/// <param name="At">When.</param>
/// <param name="What">What, in a few words.</param>
internal sealed record Moment(long At, string What);

/// <summary>An attempt in the band of a job.</summary>
internal sealed record AttemptLane
{
    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it could begin to wait: the submission, or the end of the attempt before it.</summary>
    public long? From { get; init; }

    /// <summary>When it started; null if it has not.</summary>
    public long? Started { get; init; }

    /// <summary>When it ended; null if it has not.</summary>
    public long? Stopped { get; init; }

    /// <summary>Why it ended, in Batch's words.</summary>
    public string? Reason { get; init; }

    /// <summary>The container's exit code.</summary>
    public int? Exit { get; init; }

    /// <summary>Whether it ended without success; null while it runs, or if it has not started.</summary>
    public bool? Failed { get; init; }

    /// <summary>Whether it lost its host.</summary>
    public bool Lost { get; init; }

    /// <summary>The state that it is in; null if it has ended.</summary>
    public string? Status { get; init; }

    /// <summary>The host, as ECS names it.</summary>
    public string? Host { get; init; }

    public static IReadOnlyList<AttemptLane> Of(JobDetail job)
    {
        IReadOnlyList<AttemptDetail> attempts = job.Attempts ?? [];
        IReadOnlyList<bool> lost = JobObservation.Of(job).LostHosts;
        // Not every attempt has an exit code: pods and tasks of several containers have none. The history knows which of them failed.
        Dictionary<int, RecordedAttempt> known = RecordedJob.Of(job, DateTimeOffset.UnixEpoch).OfJob.ToDictionary(one => one.Number);
        List<AttemptLane> lanes = [];
        long? from = job.CreatedAt;
        for (int i = 0; i < attempts.Count; i++)
        {
            AttemptDetail one = attempts[i];
            lanes.Add(new AttemptLane
            {
                Number = i + 1,
                From = from,
                Started = one.StartedAt,
                Stopped = one.StoppedAt,
                Reason = JobTimeline.Reason(one),
                Exit = one.Container?.ExitCode,
                Failed = known.GetValueOrDefault(i + 1)?.HasFailed,
                Lost = i < lost.Count && lost[i],
                Host = HostOf(known.GetValueOrDefault(i + 1)?.Host),
            });
            from = one.StoppedAt ?? from;
        }
        if (!JobStates.IsFinished(job.Status)) lanes.Add(Open(job, attempts, from));
        else if (lanes.Count == 0)
        {
            bool hasFailed = job.Status == JobStatus.Failed;
            lanes.Add(Open(job, attempts, from) with { Stopped = job.StoppedAt, Status = null, Failed = hasFailed });
        }
        return lanes;
    }

    private static AttemptLane Open(JobDetail job, IReadOnlyList<AttemptDetail> attempts, long? from) => new()
    {
        Number = attempts.Count + 1,
        From = from,
        Started = job.Status is JobStatus.Running || JobStates.IsFinished(job.Status) ? job.StartedAt : null,
        Status = job.Status,
        Reason = JobStates.IsFinished(job.Status) ? job.StatusReason : null,
        Host = HostOf(job.Container?.ContainerInstanceArn),
    };

    private static string? HostOf(string? arn) => string.IsNullOrEmpty(arn) ? null : AwsNames.Short(arn);
}
