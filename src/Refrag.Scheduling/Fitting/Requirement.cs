using Refrag.Scheduling.Catalogue;

namespace Refrag.Scheduling.Fitting;

/// <summary>What a job asks of its hosts.</summary>
public sealed record Requirement
{
    /// <summary>vCPUs, memory and GPUs of one container; for a multi-node job, of one node.</summary>
    public required Amount Amount { get; init; }

    /// <summary>The processor architecture that the image needs; null if any will do.</summary>
    public Architecture? Architecture { get; init; }

    /// <summary>
    /// How many nodes; 1 for a job that is not multi-node. Each node has an instance of its own. (UG multi-node-parallel-jobs)
    /// </summary>
    public int Nodes { get; init; } = 1;

    /// <summary>For people: <c>2 nodes of 4 vCPUs, 8192 MiB</c>.</summary>
    public override string ToString() => Nodes == 1 ? Amount.ToString() : $"{Nodes} nodes of {Amount}";
}
