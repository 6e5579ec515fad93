namespace Refrag.Engine.Jobs;

/// <summary>How many children of an array are in each state.</summary>
/// <param name="Counts">The counts; a state that is not there has none.</param>
/// <param name="UpdatedAt">When one of them last went from one state to another, in milliseconds since 1970; null if not known.</param>
internal sealed record ChildStates(IReadOnlyDictionary<JobState, int> Counts, long? UpdatedAt)
{
    /// <summary>Of a job without children.</summary>
    public static ChildStates None { get; } = new(new Dictionary<JobState, int>(), null);

    /// <summary>Of a parent that has ended.</summary>
    public static ChildStates Of(Job ended) => ended.ChildCounts is { } counts ? new ChildStates(counts, ended.StoppedAt) : None;
}
