namespace Refrag.Composition.Sweeps;

/// <summary>How far a job of a sweep is.</summary>
public enum JobStatus
{
    /// <summary>Not started.</summary>
    Pending,

    /// <summary>Started, and nothing heard since. After an interruption this means that it must be started again or asked after.</summary>
    Running,

    /// <summary>Ended well; never run again.</summary>
    Succeeded,

    /// <summary>Ended badly.</summary>
    Failed,
}

/// <summary>A job in a manifest.</summary>
/// <param name="Job">The job.</param>
/// <param name="Status">How far it is.</param>
public sealed record ManifestJob(SweepJob Job, JobStatus Status);

/// <summary>All jobs of a sweep and how far each is. An immutable picture; <see cref="SweepManifestFile"/> keeps it on disk.</summary>
/// <param name="Jobs">The jobs; each stands at its own index.</param>
public sealed record SweepManifest(IReadOnlyList<ManifestJob> Jobs)
{
    /// <summary>Whether every job has ended, well or badly.</summary>
    public bool IsDone => Jobs.All(job => job.Status is JobStatus.Succeeded or JobStatus.Failed);

    /// <summary>A sweep that has not started.</summary>
    public static SweepManifest Of(Sweep sweep) => new([.. sweep.Jobs().Select(job => new ManifestJob(job, JobStatus.Pending))]);

    /// <summary>
    /// The manifest with another status of one job. Throws <see cref="ArgumentOutOfRangeException"/> for a job that there is not.
    /// </summary>
    public SweepManifest With(long index, JobStatus status)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Jobs.Count);
        ManifestJob[] jobs = [.. Jobs];
        jobs[index] = jobs[index] with { Status = status };
        return new SweepManifest(jobs);
    }

    /// <summary>
    /// The manifest to continue with after an interruption: what succeeded stays so; what was running starts again, and what failed too
    /// where
    /// <paramref name="retryFailed"/> says so.
    /// </summary>
    /// <returns>The manifest, or a problem where <paramref name="sweep"/> is not the sweep that the manifest was made for.</returns>
    public Result<SweepManifest> Resume(Sweep sweep, bool retryFailed = true)
    {
        if (sweep.Count != Jobs.Count) return ManifestProblems.OtherSweep(Jobs.Count, sweep.Count);
        foreach (SweepJob job in sweep.Jobs())
        {
            if (!job.Equals(Jobs[(int)job.Index].Job)) return ManifestProblems.OtherJob(Jobs[(int)job.Index].Job, job);
        }
        return new SweepManifest(
            [.. Jobs.Select(
                job => job.Status is JobStatus.Running || (job.Status is JobStatus.Failed && retryFailed)
                    ? job with { Status = JobStatus.Pending }
                    : job)]);
    }
}
