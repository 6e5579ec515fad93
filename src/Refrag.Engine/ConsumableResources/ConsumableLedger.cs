using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Loop;

namespace Refrag.Engine.ConsumableResources;

/// <summary>
/// What jobs hold of consumable resources. It is part of the resource's record and is stored in the commit in which the job starts or ends, so it is right
/// after a restart too. What is NON_REPLENISHABLE is used up: it leaves the total when the attempt ends. (when exactly: assumed)
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

    /// <summary>Takes.</summary>
    public void Take(Job job)
    {
        foreach (var (name, quantity) in job.Plan.Consumables) Change(name, quantity, isUsedUp: false);
    }

    /// <summary>Gives back what comes back.</summary>
    public void Release(Job job)
    {
        foreach (var (name, quantity) in job.Plan.Consumables) Change(name, -quantity, isUsedUp: true);
    }

    private void Change(string name, long quantity, bool isUsedUp)
    {
        if (!state.ConsumableResources.TryGet(name, out DescribeConsumableResourceResponse? resource)) return;
        bool leaves = isUsedUp && resource.ResourceType == NonReplenishable;
        state.ConsumableResources.Put(Balance(resource, (resource.TotalQuantity ?? 0) + (leaves ? quantity : 0), (resource.InUseQuantity ?? 0) + quantity));
    }

    /// <summary>A resource with its quantities; what is available is never below nothing, even where the total was lowered under what is in use.</summary>
    public static DescribeConsumableResourceResponse Balance(DescribeConsumableResourceResponse resource, long total, long inUse) => resource with
    {
        TotalQuantity = Math.Max(0, total),
        InUseQuantity = Math.Max(0, inUse),
        AvailableQuantity = Math.Max(0, Math.Max(0, total) - Math.Max(0, inUse)),
    };
}
