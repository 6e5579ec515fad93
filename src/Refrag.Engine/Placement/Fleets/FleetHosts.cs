using Refrag.Engine.Jobs;
using Refrag.Engine.Options;
using Refrag.Engine.State;
using Refrag.Scheduling;
using Refrag.Scheduling.Clusters;

namespace Refrag.Engine.Placement.Fleets;

/// <summary>The instances of the fleets as hosts of jobs: which there are, what they have and what runs on them.</summary>
internal sealed class FleetHosts(EngineState state, FleetOptions options, FleetInventory inventory)
{
    /// <summary>The instances that take jobs, the oldest first.</summary>
    public IEnumerable<FleetInstance> Up => inventory.All.Where(one => !inventory.IsStarting(one));

    /// <summary>An instance that takes jobs; null if none has this id.</summary>
    public FleetInstance? FindUp(string id) =>
        InstanceKey.TryParse(id, out InstanceKey key) && inventory.Find(key) is { } host && !inventory.IsStarting(host) ? host : null;

    /// <summary>What jobs can have on an instance, all together.</summary>
    // The fleets have only instances whose type the catalogue has.
    public Amount CapacityOf(FleetInstance host) => options.Catalogue.Find(host.Type)!.Usable;

    /// <summary>What each task on some instances asks for, by the instance's number. A node is a task, until it ends.</summary>
    public ILookup<long, Amount> Tasks(IEnumerable<FleetInstance> hosts)
    {
        HashSet<long> wanted = [.. hosts.Select(host => host.Number)];
        return Running.SelectMany(job => job.Nodes.Zip(job.Plan.Nodes))
            .Where(one => one.First is { HasEnded: false, Instance: { } host } && wanted.Contains(host.Number))
            .ToLookup(one => one.First.Instance!.Number, one => FleetModel.AmountOf(one.Second.Demand));
    }

    /// <summary>All instances, with the jobs on each.</summary>
    public IReadOnlyList<SimulatedInstance> Describe()
    {
        ILookup<long, string> jobs = Running.OrderBy(job => job.Sequence)
            .SelectMany(job => job.Nodes, (job, node) => (job.Id, node.Instance))
            .Where(one => one.Instance is not null).ToLookup(one => one.Instance!.Number, one => one.Id);
        return [.. inventory.All.Select(
            one => new SimulatedInstance(
                one.Id, one.Environment, one.Type, one.Zone, one.IsSpot, inventory.IsStarting(one), [.. jobs[one.Number].Distinct()]))];
    }

    private IEnumerable<Job> Running => state.Placed.Select(id => state.Jobs[id]);
}
