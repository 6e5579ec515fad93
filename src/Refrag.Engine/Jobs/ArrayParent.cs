namespace Refrag.Engine.Jobs;

/// <summary>What becomes of the parent of an array. (UG array_jobs)</summary>
internal static class ArrayParent
{
    /// <summary>The status reason of a parent that failed because a child did.</summary>
    public const string ChildFailed = "Array Child Job failed";

    /// <summary>The parent's state, given how many children are in each: it waits for all of them, and fails if any failed.</summary>
    public static JobState State(IReadOnlyDictionary<JobState, int> children)
    {
        if (children.Any(pair => pair.Value > 0 && !pair.Key.IsFinal())) return JobState.Pending;
        return children.GetValueOrDefault(JobState.Failed) > 0 ? JobState.Failed : JobState.Succeeded;
    }
}
