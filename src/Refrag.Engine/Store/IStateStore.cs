using Refrag.Engine.Jobs;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>
/// Where the engine's state is kept. One writer calls <see cref="Commit"/>; the reading members may be called from any thread.
/// </summary>
internal interface IStateStore : IDisposable
{
    /// <summary>Whether a commit waits for a disk, and therefore has a thread of its own.</summary>
    bool WaitsForDisk { get; }

    /// <summary>
    /// Everything that must be in memory: resources, and the jobs that have not ended. Called once, before anything else.
    /// </summary>
    StoredState Load(DefinitionTable definitions);

    /// <summary>Writes changes as one; when it returns, they survive whatever happens.</summary>
    void Commit(Changes changes);

    /// <summary>A job, an array's parent or a child; null if there is none.</summary>
    Job? Find(string id);

    /// <summary>Ended submissions, in the order of their arrival or against it.</summary>
    IReadOnlyList<Job> Ended(EndedQuery query);

    /// <summary>The children of an array that is in the store, from an index on.</summary>
    IReadOnlyList<Job> Children(string arrayId, int from);

    /// <summary>
    /// Every submission, ended or not, with the children that have records of their own; for export. In the order of arrival.
    /// </summary>
    IEnumerable<StoredLine> Lines();
}

/// <summary>What a store holds when the engine starts.</summary>
internal sealed record StoredState
{
    /// <summary>Whether nothing was ever stored here.</summary>
    public bool IsNew { get; init; }

    /// <summary>Kind, name and JSON of each resource but the job definitions, which have been put into their table.</summary>
    public IReadOnlyList<(string Kind, string Name, string Body)> Resources { get; init; } = [];

    /// <summary>The jobs that have not ended, arrays with all their children, in the order of arrival.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = [];

    /// <summary>Jobs that have not ended and whose records cannot be read, with what can still be said of each, and why.</summary>
    public IReadOnlyList<(Job Job, Exception Fault)> Damaged { get; init; } = [];

    /// <summary>When the newest job was submitted or the last one ended, in milliseconds since 1970; null if there are no jobs.</summary>
    public long? Newest { get; init; }

    /// <summary>The next free place in the order of arrival.</summary>
    public long NextSequence { get; init; }
}

/// <summary>Which ended submissions are asked for.</summary>
internal sealed record EndedQuery
{
    public string? Queue { get; init; }

    public JobKind Kind { get; init; }

    public string? Status { get; init; }

    /// <summary>A name in any case, or the beginning of one before <c>*</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Name, name and revision, or the beginning of a name before <c>*</c>.</summary>
    public string? Definition { get; init; }

    public string? Share { get; init; }

    public string? ConsumableResource { get; init; }

    public long? CreatedBefore { get; init; }

    public long? CreatedAfter { get; init; }

    /// <summary>Only what ended at this time or later; not what lives.</summary>
    public long? EndedAfter { get; init; }

    /// <summary>Only submissions that come after this place in the wanted order; null from the beginning.</summary>
    public long? After { get; init; }

    /// <summary>Whether the latest come first.</summary>
    public bool LatestFirst { get; init; }

    /// <summary>How many are wanted.</summary>
    public int Most { get; init; }
}
