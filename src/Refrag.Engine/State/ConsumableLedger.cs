using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;

namespace Refrag.Engine.State;

/// <summary>
/// What jobs hold of consumable resources. It is part of the resource's record and is stored in the commit in which the job starts or ends,
/// so it is right after a restart too. What is NON_REPLENISHABLE is used up: it leaves the total when the attempt ends. (when exactly:
/// assumed)
/// </summary>
internal sealed class ConsumableLedger(EngineState state)
{
    /// <summary>The type that is used up.</summary>
    public const string NonReplenishable = "NON_REPLENISHABLE";

    /// <summary>The type that comes back. (default)</summary>
    public const string Replenishable = "REPLENISHABLE";

    /// <summary>Whether there is enough of everything. A resource that was deleted since has nothing.</summary>
    public bool Fits(Job job)
    {
        foreach (var (name, quantity) in job.Plan.Consumables)
        {
            if (!state.ConsumableResources.TryGet(name, out var resource) || resource.AvailableQuantity < quantity) return false;
        }
        return true;
    }

    /// <summary>Takes what a job needs.</summary>
    public void Reserve(Job job)
    {
        foreach (var (name, quantity) in job.Plan.Consumables) Change(name, quantity, isUsedUp: false);
    }

    /// <summary>Gives back what comes back.</summary>
    public void Release(Job job)
    {
        foreach (var (name, quantity) in job.Plan.Consumables) Change(name, -quantity, isUsedUp: true);
    }

    /// <summary>Gives back what a job took that has not started: nothing of it is used up.</summary>
    public void PutBack(Job job)
    {
        foreach (var (name, quantity) in job.Plan.Consumables) Change(name, -quantity, isUsedUp: false);
    }

    /// <summary>
    /// Counts anew what is in use, after a restart: what an earlier engine had set aside for jobs that had not started is free, for they
    /// take it again.
    /// </summary>
    /// <param name="placed">The jobs that have started.</param>
    public void Recount(IEnumerable<Job> placed)
    {
        Dictionary<string,
            long> inUse = placed.SelectMany(job => job.Plan.Consumables)
                .GroupBy(one => one.Key).ToDictionary(group => group.Key, group => group.Sum(one => one.Value));
        foreach (DescribeConsumableResourceResponse resource in state.ConsumableResources.All.ToList())
        {
            long held = inUse.GetValueOrDefault(resource.ConsumableResourceName);
            if (resource.InUseQuantity != held) state.ConsumableResources.Put(Balance(resource, resource.TotalQuantity ?? 0, held));
        }
    }

    private void Change(string name, long quantity, bool isUsedUp)
    {
        if (!state.ConsumableResources.TryGet(name, out DescribeConsumableResourceResponse? resource)) return;
        bool leaves = isUsedUp && resource.ResourceType == NonReplenishable;
        state.ConsumableResources.Put(
            Balance(resource, (resource.TotalQuantity ?? 0) + (leaves ? quantity : 0), (resource.InUseQuantity ?? 0) + quantity));
    }

    /// <summary>
    /// A resource with its quantities; what is available is never below nothing, even where the total was lowered under what is in use.
    /// </summary>
    public static DescribeConsumableResourceResponse Balance(DescribeConsumableResourceResponse resource, long total, long inUse) =>
        resource with
        {
            TotalQuantity = Math.Max(0, total),
            InUseQuantity = Math.Max(0, inUse),
            AvailableQuantity = Math.Max(0, Math.Max(0, total) - Math.Max(0, inUse)),
        };
}
