namespace Refrag.Engine.Placement.Fleets;

/// <summary>An instance of a simulated fleet, as it is shown.</summary>
/// <param name="Id">Its id, in the form of EC2's.</param>
/// <param name="Environment">The name of its compute environment.</param>
/// <param name="Type">Its instance type.</param>
/// <param name="Zone">Its zone: <c>a</c> for the first subnet of the environment, <c>b</c> for the second.</param>
/// <param name="IsSpot">Whether it is bought on the Spot market.</param>
/// <param name="IsStarting">Whether it takes no jobs yet.</param>
/// <param name="JobIds">The jobs that have a place on it, in the order in which they were submitted.</param>
public sealed record SimulatedInstance(
    string Id, string Environment, string Type, string Zone, bool IsSpot, bool IsStarting, IReadOnlyList<string> JobIds);
