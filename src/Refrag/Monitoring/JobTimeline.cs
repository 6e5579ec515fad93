using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Monitoring;

/// <summary>Something that happened to a job.</summary>
/// <param name="At">When.</param>
/// <param name="What">What, in a few words.</param>
public sealed record JobMoment(DateTimeOffset At, string What);

/// <summary>What Batch reports of a job's life, in order. It keeps no time of its own for PENDING, RUNNABLE and STARTING.</summary>
public static class JobTimeline
{
    /// <summary>The moments that are known.</summary>
    public static IReadOnlyList<JobMoment> Of(JobDetail job)
    {
        List<JobMoment> moments = [];
        Add(moments, job.CreatedAt, "submitted");
        IReadOnlyList<AttemptDetail> attempts = job.Attempts ?? [];
        for (int i = 0; i < attempts.Count; i++)
        {
            Add(moments, attempts[i].StartedAt, string.Create(CultureInfo.InvariantCulture, $"attempt {i + 1} started"));
            Add(moments, attempts[i].StoppedAt,
                string.Create(CultureInfo.InvariantCulture, $"attempt {i + 1} ended: {Reason(attempts[i])}"));
        }
        if (job.StartedAt is { } started && !IsListed(job, started))
            Add(moments, started,
                string.Create(
                    CultureInfo.InvariantCulture, $"attempt {(Ended(job) ? Math.Max(1, attempts.Count) : attempts.Count + 1)} started"));
        if (Ended(job)) Add(moments, job.StoppedAt, job.Status + (job.StatusReason is { Length: > 0 } reason ? $": {reason}" : ""));
        // Of two at the same time the one found first comes first.
        return [.. moments.OrderBy(m => m.At)];
    }

    /// <summary>Why an attempt ended, in Batch's words where it has any.</summary>
    public static string Reason(AttemptDetail attempt)
    {
        string? code = attempt.Container?.ExitCode is { } exit ? string.Create(CultureInfo.InvariantCulture, $"exit code {exit}") : null;
        string? reason = attempt.Container?.Reason ?? attempt.StatusReason;
        return (code, reason) switch
        {
            (null, null) => "no reason given",
            (null, _) => reason,
            (_, null) => code,
            _ => $"{code}, {reason}",
        };
    }

    /// <summary>How long the job has run, all attempts together.</summary>
    public static TimeSpan Ran(JobDetail job, DateTimeOffset now)
    {
        long milliseconds = 0;
        foreach (AttemptDetail attempt in job.Attempts ?? [])
            milliseconds += Math.Max(0,
                (attempt.StoppedAt ?? now.ToUnixTimeMilliseconds()) - (attempt.StartedAt ?? attempt.StoppedAt
                    ?? now.ToUnixTimeMilliseconds()));
        if (Unlisted(job) is { } started) milliseconds += Math.Max(0, (job.StoppedAt ?? now.ToUnixTimeMilliseconds()) - started);
        return TimeSpan.FromMilliseconds(milliseconds);
    }

    /// <summary>
    /// The start of an attempt that Batch does not list, mostly the one that runs, in milliseconds of Unix time. Null if there is none.
    /// </summary>
    internal static long? Unlisted(JobDetail job) => job.StartedAt is { } started and > 0 && !IsListed(job, started) ? started : null;

    // Whether the start of the job is that of an attempt that is listed: their times may differ by some milliseconds.
    private static bool IsListed(JobDetail job, long started) => (job.Attempts ?? []).Any(
        a => a.StartedAt == started || (a.StartedAt is not null && (a.StoppedAt is not { } stopped || stopped > started)));

    private static bool Ended(JobDetail job) => job.Status is JobStatus.Succeeded or JobStatus.Failed;

    private static void Add(List<JobMoment> moments, long? at, string what)
    {
        if (at is { } time and > 0) moments.Add(new JobMoment(DateTimeOffset.FromUnixTimeMilliseconds(time), what));
    }
}
