namespace Refrag.Composition.Sweeps;

/// <summary>How the jobs of a sweep are worked off.</summary>
public sealed record ScheduleOptions
{
    /// <summary>Whether nothing more starts after a job has failed. By default all others still run.</summary>
    public bool FailFast { get; init; }

    /// <summary>The most jobs that run at the same time, from 1; null, the default, for any number.</summary>
    public int? MaxJobs { get; init; }
}

/// <summary>What to do next with a sweep.</summary>
/// <param name="Start">The jobs to start now, in the sweep's order.</param>
/// <param name="IsOver">Whether nothing runs and nothing will start any more.</param>
/// <param name="NotStarted">How many jobs will never start, because one has failed and <see cref="ScheduleOptions.FailFast"/> is
/// set.</param>
public sealed record ScheduleStep(IReadOnlyList<SweepJob> Start, bool IsOver, int NotStarted);

/// <summary>Decides which jobs start: a function of what is known, without time or memory.</summary>
public static class SweepSchedule
{
    /// <summary>
    /// The next step. Throws <see cref="ArgumentOutOfRangeException"/> where <see cref="ScheduleOptions.MaxJobs"/> is below 1.
    /// </summary>
    public static ScheduleStep Next(SweepManifest manifest, ScheduleOptions options)
    {
        if (options.MaxJobs is { } most) ArgumentOutOfRangeException.ThrowIfLessThan(most, 1, nameof(options));
        int running = manifest.Jobs.Count(job => job.Status == JobStatus.Running);
        int pending = manifest.Jobs.Count(job => job.Status == JobStatus.Pending);
        bool stopped = options.FailFast && manifest.Jobs.Any(job => job.Status == JobStatus.Failed);
        int free = stopped ? 0 : Math.Max(0, (options.MaxJobs ?? int.MaxValue) - running);
        SweepJob[] start = [.. manifest.Jobs.Where(job => job.Status == JobStatus.Pending).Take(free).Select(job => job.Job)];
        return new ScheduleStep(start, IsOver: running == 0 && (stopped || pending == 0), NotStarted: stopped ? pending : 0);
    }
}
