namespace Refrag.Aws.Ec2;

/// <summary>
/// What <c>GetSpotPlacementScores</c> is asked, as far as refrag asks it. EC2 limits how many different questions an account may ask in a
/// day.
/// </summary>
public sealed record GetSpotPlacementScoresRequest
{
    /// <summary>The types; any one will do; with fewer than three EC2 gives low scores.</summary>
    public required IReadOnlyList<string> InstanceTypes { get; init; }

    /// <summary>How many vCPUs are wanted at once.</summary>
    public required int VCpus { get; init; }

    /// <summary>The region.</summary>
    public required string Region { get; init; }
}

/// <summary>What <c>GetSpotPlacementScores</c> answers, as far as refrag reads it.</summary>
public sealed record GetSpotPlacementScoresResponse
{
    /// <summary>The scores of the regions that were asked about, from 1 (hardly a chance) to 10.</summary>
    public IReadOnlyList<int> Scores { get; init; } = [];
}
