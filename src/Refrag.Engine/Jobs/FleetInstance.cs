namespace Refrag.Engine.Jobs;

/// <summary>An instance of a simulated fleet.</summary>
/// <param name="Number">Its number in the fleets, from 1.</param>
/// <param name="Id">Its id, in the form of EC2's.</param>
/// <param name="Environment">Its compute environment.</param>
/// <param name="Type">Its instance type.</param>
/// <param name="Zone">Its zone: <c>a</c> for the first subnet of the environment, <c>b</c> for the second.</param>
/// <param name="IsSpot">Whether it is bought on the Spot market.</param>
internal sealed record FleetInstance(long Number, string Id, string Environment, string Type, string Zone, bool IsSpot);
