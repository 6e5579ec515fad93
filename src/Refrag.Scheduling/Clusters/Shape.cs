using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Scheduling.Clusters;

/// <summary>What jobs need, once for all that need the same; the scheduler thinks of demand by shape and not by job.</summary>
internal sealed class Shape(Requirement requirement)
{
    public Requirement Requirement => requirement;

    public Amount Amount { get; } = requirement.Amount;

    public int Nodes { get; } = requirement.Nodes;

    public Architecture? Architecture { get; } = requirement.Architecture;

    /// <summary>vCPUs of all nodes, in thousandths.</summary>
    public long TotalMilliVCpus => (long)Amount.MilliVCpus * Nodes;
}

/// <summary>How many jobs of one shape wait in one queue, and for how many of them instances are on their way.</summary>
internal sealed class QueueDemand(QueueState queue, Shape shape)
{
    public QueueState Queue => queue;

    public Shape Shape => shape;

    public int Waiting { get; set; }

    /// <summary>For how many jobs there is room on instances that are starting.</summary>
    public int Covered { get; set; }

    /// <summary>Whether it stands in its queue's list of demands to look at.</summary>
    public bool IsListed { get; set; }

    public int Uncovered => Math.Max(0, Waiting - Covered);
}
