using Refrag.Engine.Jobs;
using Refrag.Engine.Resources;
using Refrag.Engine.Store;

namespace Refrag.Engine.Tests.Store;

/// <summary>A store that dies at a commit, as a killed process does: that commit is written or not, and none after it.</summary>
internal sealed class CrashingStore(IStateStore inner, int commits, bool writesLast) : IStateStore
{
    private readonly Lock _lock = new();
    private int _left = commits;

    public bool WaitsForDisk => inner.WaitsForDisk;

    /// <summary>What becomes of the state that is loaded, as if it had been stored so; null for nothing.</summary>
    public Func<StoredState, StoredState>? Change { get; init; }

    public StoredState Load(DefinitionTable definitions)
    {
        StoredState stored = inner.Load(definitions);
        return Change?.Invoke(stored) ?? stored;
    }

    public void Commit(Changes changes)
    {
        lock (_lock)
        {
            if (--_left < 0) throw new IOException("The process is dead.");
            if (_left > 0 || writesLast) inner.Commit(changes);
            if (_left == 0) throw new IOException("The process has died.");
        }
    }

    public Job? Find(string id) => inner.Find(id);

    public IReadOnlyList<Job> Ended(EndedQuery query) => inner.Ended(query);

    public IReadOnlyList<Job> Children(string arrayId, int from) => inner.Children(arrayId, from);

    public IEnumerable<StoredLine> Lines() => inner.Lines();

    /// <summary>Dies now, where it has not yet.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _left = 0;
            inner.Dispose();
        }
    }
}
