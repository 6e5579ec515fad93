using Refrag.Engine.Jobs;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>What one commit writes: the latest record of everything that changed.</summary>
internal sealed class Changes
{
    private readonly Dictionary<string, JobChange> _jobs = [];
    private readonly Dictionary<(string Kind, string Name), ResourceChange> _resources = [];

    /// <summary>The changed jobs.</summary>
    public IReadOnlyCollection<JobChange> Jobs => _jobs.Values;

    /// <summary>The changed resources; the record is null if it was removed.</summary>
    public IReadOnlyCollection<ResourceChange> Resources => _resources.Values;

    /// <summary>Ended jobs that were submitted and ended before this time are forgotten; null to keep all.</summary>
    public long? ForgetBefore { get; set; }

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => _jobs.Count == 0 && _resources.Count == 0 && ForgetBefore is null;

    /// <summary>Notes a job's new record.</summary>
    public void Put(Job job, bool isNew)
    {
        if (JobLife.IsImplied(job)) return;
        bool stays = _jobs.TryGetValue(job.Id, out JobChange before) && before.IsNew;
        _jobs[job.Id] = new JobChange(job, isNew || stays);
    }

    /// <summary>Notes a resource's new record, or its removal.</summary>
    public void Put(ResourceChange change) => _resources[(change.Kind, change.Name)] = change;

    /// <summary>Takes later changes over these.</summary>
    public void Append(Changes later)
    {
        foreach (JobChange change in later.Jobs) Put(change.Job, change.IsNew);
        foreach (ResourceChange change in later.Resources) Put(change);
        ForgetBefore = later.ForgetBefore ?? ForgetBefore;
    }
}

/// <summary>A job that changed.</summary>
/// <param name="Job">Its latest record.</param>
/// <param name="IsNew">Whether the store has no record of it yet.</param>
internal readonly record struct JobChange(Job Job, bool IsNew);
