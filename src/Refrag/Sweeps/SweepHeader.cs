using System.Globalization;
using Refrag.CodeArchives;
using Refrag.CommandTables;
using Refrag.Composition.Sweeps;

namespace Refrag.Sweeps;

/// <summary>What a sweep was started with: enough to resume it from its manifest alone.</summary>
public sealed record SweepHeader
{
    /// <summary>The sweep's name, made of the time of its start.</summary>
    public required string Id { get; init; }

    /// <summary>The command line's overrides, as they were typed.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The folders of the configuration, absolute; empty for the usual one.</summary>
    public required IReadOnlyList<string> Folders { get; init; }

    /// <summary>The file that the configuration starts from.</summary>
    public required string ConfigName { get; init; }

    /// <summary>Where the user stood: relative paths of the overrides start there.</summary>
    public required string Directory { get; init; }

    /// <summary>The lengths of the sweep's axes.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>The region that was chosen for its jobs among several; null if none was to be chosen.</summary>
    public string? Region { get; init; }

    /// <summary>The code that its jobs bring; null if they bring none.</summary>
    public CodeReference? Code { get; init; }
}

/// <summary>What a sweep's manifest says of its jobs.</summary>
/// <param name="Jobs">The jobs, each at its index, and how far each was.</param>
/// <param name="Submissions">The submissions that made a job, or perhaps did, the oldest first.</param>
public sealed record SweepRecord(IReadOnlyList<ManifestJob> Jobs, IReadOnlyList<SweepSubmission> Submissions)
{
    /// <summary>The id in Batch of the newest job that each job of the sweep was; those that were not submitted are left out.</summary>
    public IReadOnlyDictionary<long, string> JobIds()
    {
        Dictionary<long, string> ids = [];
        foreach ((int job, (SweepSubmission submission, int child)) in Last(Submissions.Where(one => one.JobId is not null)))
        {
            ids[job] = submission.Jobs.Count > 1
                ? string.Create(CultureInfo.InvariantCulture, $"{submission.JobId}:{child}")
                : submission.JobId!;
        }
        return ids;
    }

    /// <summary>The last submission of each job that was submitted, by the job's index: a sweep that is resumed repeats some.</summary>
    public IReadOnlyDictionary<int, SweepSubmission> LastSubmissions() =>
        Last(Submissions).ToDictionary(one => one.Key, one => one.Value.Submission);

    // Of each job its last submission, and which child of it the job is.
    private static Dictionary<int, (SweepSubmission Submission, int Child)> Last(IEnumerable<SweepSubmission> submissions)
    {
        Dictionary<int, (SweepSubmission Submission, int Child)> last = [];
        foreach (SweepSubmission submission in submissions)
        {
            foreach ((int child, int job) in submission.Jobs.Indices().Index()) last[job] = (submission, child);
        }
        return last;
    }
}

/// <summary>A submission of some of a sweep's jobs. Written down before it is sent, so that it is never sent again in ignorance.</summary>
/// <param name="Id">The submission's id, which is among the job's tags.</param>
/// <param name="Jobs">The jobs, child by child.</param>
/// <param name="At">When it was about to be sent.</param>
/// <param name="JobId">The job's id in Batch; null if it is not known whether there is one.</param>
/// <param name="IsOnDemand">Whether it goes to the on-demand queue, because its jobs have lost their Spot hosts.</param>
public sealed record SweepSubmission(string Id, JobSet Jobs, DateTimeOffset At, string? JobId, bool IsOnDemand = false);
