namespace Refrag.Scheduling.Clusters;

/// <summary>A share in a snapshot.</summary>
/// <param name="Queue">Its queue.</param>
/// <param name="Identifier">Its identifier.</param>
/// <param name="Average">Its mean usage over the time of decay, in thousandths of vCPUs.</param>
/// <param name="At">Of when the mean is.</param>
/// <param name="LastSeen">When its last job ended; null for never.</param>
public sealed record ShareSnapshot(string Queue, string Identifier, double Average, DateTimeOffset At, DateTimeOffset? LastSeen);
