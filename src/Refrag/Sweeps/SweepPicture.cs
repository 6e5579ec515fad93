using Refrag.Composition.Sweeps;

namespace Refrag.Sweeps;

/// <summary>What a manifest says, line by line.</summary>
internal sealed class SweepPicture
{
    public SweepHeader? Header { get; set; }

    public List<SweepJob> Jobs { get; } = [];

    public List<JobStatus> Statuses { get; } = [];

    /// <summary>By their ids, in the order in which they were written.</summary>
    public OrderedDictionary<string, SweepSubmission> Submissions { get; } = new(StringComparer.Ordinal);

    public void Submitted(string id, string jobId)
    {
        if (!Submissions.TryGetValue(id, out SweepSubmission? submission)) return;
        Submissions[id] = submission with { JobId = jobId };
        foreach (int job in submission.Jobs.Indices().Where(job => job < Statuses.Count)) Statuses[job] = JobStatus.Running;
    }

    public void Withdrawn(string id) => Submissions.Remove(id);

    /// <summary>Reads a line; false where it is no job at the place where one is wanted.</summary>
    public bool Read(string line)
    {
        ManifestLine? job = ManifestLine.Read(line);
        if (job is { Overrides: { } overrides })
        {
            if (Header is not null || job.Index != Jobs.Count) return false;
            Jobs.Add(new SweepJob(job.Index, overrides));
            Statuses.Add(job.Status);
            return true;
        }
        if (job is not null)
        {
            if (job.Index >= 0 && job.Index < Statuses.Count) Statuses[(int)job.Index] = job.Status;
            return true;
        }
        SweepLine.Read(line, this);
        return Header is not null;
    }
}
