using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Launching;

namespace Refrag.Cli.Following;

/// <summary>Follows one job to its end and reports each change of state.</summary>
internal sealed class JobFollower(Terminal.Terminal terminal, PollPace pace)
{
    /// <summary>The job as it was last seen, at its end mostly; null if Batch never knew it.</summary>
    /// <param name="handle">The job.</param>
    /// <param name="seen">Called with each answer, before the next question; with the last one before its state is reported.</param>
    /// <param name="cancellationToken">Stops following.</param>
    public async Task<JobDetail?> FollowAsync(JobHandle handle, Func<JobDetail, Task> seen, CancellationToken cancellationToken)
    {
        JobDetail? last = null;
        await foreach (JobDetail job in handle.WatchAsync(pace, cancellationToken))
        {
            string? sentence = Sentence(last, job);
            last = job;
            // The end of a job comes after the last lines of its log.
            bool ended = JobStates.IsFinished(job.Status);
            if (ended) await seen(job);
            if (sentence is not null) terminal.Note($"{handle.Name}: {sentence}");
            if (!ended) await seen(job);
        }
        return last;
    }

    private static string? Sentence(JobDetail? last, JobDetail job)
    {
        string state = job.Status + (job.StatusReason is { Length: > 0 } reason ? $" ({reason})" : "");
        if (job.ArrayProperties?.StatusSummary is { Count: > 0 } summary)
        {
            string children = Children(summary);
            if (last?.Status == job.Status && children == Children(last.ArrayProperties?.StatusSummary)) return null;
            return children.Length > 0 ? $"{state}: {children}" : state;
        }
        int attempts = job.Attempts?.Count ?? 0;
        // A job that waits again after an attempt says why, or its user wonders.
        if (attempts > (last?.Attempts?.Count ?? 0) && !JobStates.IsFinished(job.Status))
            return $"{state}; attempt {attempts} ended: {AttemptReason(job.Attempts![attempts - 1])}";
        return last?.Status == job.Status && last?.StatusReason == job.StatusReason ? null : state;
    }

    private static string Children(IReadOnlyDictionary<string, int>? summary) =>
        string.Join(", ", (summary ?? new Dictionary<string, int>()).Where(s => s.Value > 0).Select(s => $"{s.Value} {s.Key}"));

    private static string AttemptReason(AttemptDetail attempt) =>
        attempt.StatusReason ?? attempt.Container?.Reason
            ?? (attempt.Container?.ExitCode is { } code ? $"exit code {code}" : "no reason given");
}

/// <summary>What a followed job's end means for refrag's exit code.</summary>
internal static class JobExit
{
    // Of an array larger than this, the rest is not asked for the one code that can be returned.
    private const int MostParts = 1000;

    /// <summary>The same, of a job whose parts have the codes: that of the main node, or of the first child that failed.</summary>
    public static async Task<int> CodeAsync(JobHandle handle, JobDetail job, CancellationToken cancellationToken)
    {
        int code = Code(job);
        bool hasParts = job.ArrayProperties?.Size > 0 || job.NodeProperties?.NumNodes > 0;
        if (code != ExitCodes.JobFailed || !hasParts) return code;
        IReadOnlyList<JobDetail> parts = await handle.PartsAsync(job, MostParts, cancellationToken);
        return parts.Where(part => part.Status == JobStatus.Failed).Select(Code).FirstOrDefault(ExitCodes.JobFailed);
    }

    /// <summary>
    /// 0 for a job that succeeded; else the container's exit code where there is one, and <see cref="ExitCodes.JobFailed"/> where not.
    /// </summary>
    public static int Code(JobDetail job)
    {
        if (job.Status == JobStatus.Succeeded) return ExitCodes.Success;
        // Of a job of several nodes the attempts alone have one. A container without a code has ended without: its attempts were others.
        int? code = job.Container is { } own ? own.ExitCode : job.Attempts is [.., { } last] ? last.Container?.ExitCode : null;
        return code is { } failed and not 0 ? failed : ExitCodes.JobFailed;
    }
}
