namespace Refrag.Jobs;

/// <summary>The regions that a job may run in, and when it leaves one of them.</summary>
/// <param name="Regions">The regions that the user names, in that order; two at least.</param>
/// <param name="Patience">How long the job may wait in one region; null if waiting alone moves nothing.</param>
public sealed record RegionsChoice(IReadOnlyList<string> Regions, TimeSpan? Patience)
{
    /// <summary>
    /// The regions that it may move to, the best first; empty until one was chosen to begin with, and if there is no other.
    /// </summary>
    public IReadOnlyList<string> Next { get; init; } = [];
}
