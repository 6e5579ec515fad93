using Refrag.Scheduling.Environments;

namespace Refrag.Scheduling.Simulation;

/// <summary>Changes the environments of a rehearsal while it runs.</summary>
/// <param name="Interval">How often, of virtual time; above 0.</param>
/// <param name="Decide">Gives the environments that change at a time, as they are to be from then on.</param>
public sealed record SimulatedScaling(TimeSpan Interval, Func<DateTimeOffset, IReadOnlyList<ComputeEnvironment>> Decide);
