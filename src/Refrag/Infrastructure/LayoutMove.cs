namespace Refrag.Infrastructure;

/// <summary>From which layout of queues to which.</summary>
public enum LayoutDirection
{
    /// <summary>From the single queue of old to separate CPU and GPU queues.</summary>
    Migrate,

    /// <summary>Back to the single queue.</summary>
    Rollback,
}

/// <summary>The steps of a move, in their order. Each may be repeated without harm.</summary>
public enum LayoutStep
{
    /// <summary>The new queues are made beside the old, which are left alone.</summary>
    AddNew,

    /// <summary>The old queues take no new jobs.</summary>
    CloseOld,

    /// <summary>The old queues run empty.</summary>
    WaitUntilEmpty,

    /// <summary>The old queues and what served only them are removed.</summary>
    RemoveOld,

    /// <summary>Nothing is left to do.</summary>
    Done,
}

/// <summary>A move under way: what the journal holds. Immutable.</summary>
/// <param name="Direction">Where to.</param>
/// <param name="OldQueues">The queues that go.</param>
/// <param name="Next">The first step that is not known to be complete.</param>
public sealed record LayoutMove(LayoutDirection Direction, IReadOnlyList<string> OldQueues, LayoutStep Next)
{
    /// <summary>The queues of the single layout, by their names in the configuration.</summary>
    internal static readonly string[] SingleQueues = ["queue"];

    /// <summary>The queues of the separate layout, by their names in the configuration.</summary>
    internal static readonly string[] SeparateQueues = ["cpu_queue", "gpu_queue", "distributed", "priority", "on_demand"];

    /// <summary>The layout that holds both.</summary>
    internal static string Beside => "both";

    /// <summary>The layout at the end.</summary>
    internal string Target => Direction == LayoutDirection.Migrate ? "separate" : "single";

    /// <summary>The same move, one step on.</summary>
    public LayoutMove Advance() => this with { Next = Next == LayoutStep.Done ? LayoutStep.Done : Next + 1 };

    /// <summary>The move that a state asks for: its old queues, and the first step. RF6013 where there is nothing to move.</summary>
    /// <param name="direction">Where to.</param>
    /// <param name="state">What the stack's state holds.</param>
    public static Result<LayoutMove> Begin(LayoutDirection direction, StackState state)
    {
        IReadOnlyList<string> old = state.Queues(direction == LayoutDirection.Migrate ? SingleQueues : SeparateQueues);
        return old.Count > 0 ? new LayoutMove(direction, old, LayoutStep.AddNew) : LayoutProblems.NothingToMove(direction);
    }

    /// <summary>The region of the queues that a state holds. RF6013 if it holds none: in another region, queues of the same names belong to
    /// another stack.</summary>
    /// <param name="direction">Where to.</param>
    /// <param name="state">What the stack's state holds.</param>
    /// <param name="underWay">The move that was begun; null if none was.</param>
    public static Result<string> Region(LayoutDirection direction, StackState state, LayoutMove? underWay) =>
        state.Region is { } region ? region
        : underWay is null ? LayoutProblems.NothingToMove(direction)
        : LayoutProblems.QueuesGone(underWay);
}
