using Refrag.Aws.Batch;
using Refrag.Launching;

namespace Refrag.Cli.Running;

/// <summary>Follows one job to its end and tells each change of state.</summary>
internal sealed class JobFollower(Terminal.Terminal terminal, PollPace pace)
{
    /// <summary>The job as it ended.</summary>
    /// <param name="handle">The job.</param>
    /// <param name="seen">Called with each answer, before the next question.</param>
    /// <param name="cancellationToken">Stops following.</param>
    public async Task<JobDetail> FollowAsync(JobHandle handle, Func<JobDetail, Task> seen, CancellationToken cancellationToken)
    {
        JobDetail? last = null;
        await foreach (JobDetail job in handle.WatchAsync(pace, cancellationToken))
        {
            if (Sentence(last, job) is { } sentence) terminal.Note($"{handle.Name}: {sentence}");
            last = job;
            await seen(job);
        }
        return last!;
    }

    private static string? Sentence(JobDetail? last, JobDetail job)
    {
        string state = job.Status + (job.StatusReason is { Length: > 0 } reason ? $" ({reason})" : "");
        if (job.ArrayProperties?.StatusSummary is { Count: > 0 } summary)
        {
            string children = string.Join(", ", summary.Where(s => s.Value > 0).Select(s => $"{s.Value} {s.Key}"));
            return children.Length > 0 ? $"{state}: {children}" : state;
        }
        int attempts = job.Attempts?.Count ?? 0;
        // A job that waits again after an attempt says why, or its user wonders.
        if (attempts > (last?.Attempts?.Count ?? 0) && !JobStates.IsFinished(job.Status))
            return $"{state}; attempt {attempts} ended: {AttemptReason(job.Attempts![attempts - 1])}";
        return last?.Status == job.Status && last?.StatusReason == job.StatusReason ? null : state;
    }

    private static string AttemptReason(AttemptDetail attempt) =>
        attempt.StatusReason ?? attempt.Container?.Reason ?? (attempt.Container?.ExitCode is { } code ? $"exit code {code}" : "no reason given");
}

/// <summary>What a followed job's end means for refrag's exit code.</summary>
internal static class JobExit
{
    /// <summary>0 for a job that succeeded; else the container's exit code where there is one, and <see cref="ExitCodes.JobFailed"/> where not.</summary>
    public static int Code(JobDetail job)
    {
        if (job.Status == "SUCCEEDED") return ExitCodes.Success;
        int? code = job.Container?.ExitCode ?? (job.Attempts is [.., { } last] ? last.Container?.ExitCode : null);
        return code is { } failed and not 0 ? failed : ExitCodes.JobFailed;
    }
}
