using System.Threading.Channels;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>
/// The state in memory, and behind it a copy on disk for readers of other processes. Nothing waits for the copy: it is opened and written
/// beside the engine, and where it fails the engine continues without it.
/// </summary>
internal sealed class MirroredStore : IStateStore
{
    private readonly MemoryStore _memory = new();
    private readonly Channel<Changes> _changes = Channel.CreateUnbounded<Changes>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _writing;

    /// <summary>Begins.</summary>
    /// <param name="folder">Where the copy goes; made if there is none.</param>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Called once if the copy cannot be written.</param>
    public MirroredStore(string folder, TimeProvider time, Action<Problem>? failed) => _writing = WriteAsync(folder, time, failed);

    /// <inheritdoc/>
    public bool WaitsForDisk => false;

    /// <inheritdoc/>
    public StoredState Load(DefinitionTable definitions) => _memory.Load(definitions);

    /// <inheritdoc/>
    public void Commit(Changes changes)
    {
        _memory.Commit(changes);
        _changes.Writer.TryWrite(changes);
    }

    /// <inheritdoc/>
    public Job? Find(string id) => _memory.Find(id);

    /// <inheritdoc/>
    public IReadOnlyList<Job> Ended(EndedQuery query) => _memory.Ended(query);

    /// <inheritdoc/>
    public IReadOnlyList<Job> Children(string arrayId, int from) => _memory.Children(arrayId, from);

    /// <inheritdoc/>
    public IEnumerable<StoredLine> Lines() => _memory.Lines();

    /// <summary>Returns when the copy has everything, or has failed.</summary>
    public Task FinishAsync()
    {
        _changes.Writer.TryComplete();
        return _writing;
    }

    /// <inheritdoc/>
    public void Dispose() => _memory.Dispose();

    private async Task WriteAsync(string folder, TimeProvider time, Action<Problem>? failed)
    {
        await Task.Yield();
        try
        {
            using (SqliteStore copy = SqliteStore.Open(folder, time, syncs: false)) await CopyAsync(copy);
            EndedState.MarkSettled(folder);
        }
        catch (EngineStateException e)
        {
            failed?.Invoke(e.Problem);
        }
#pragma warning disable CA1031 // Whatever is wrong with the copy, the jobs continue without it, and their user hears of it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failed?.Invoke(
                new Problem
                {
                    Code = "RF4011",
                    What = $"the state could not be written to {folder}: {e.Message}",
                    Cure = "Look at the disk.",
                });
        }
        // What comes now is in memory only; the queue must not grow forever.
        await foreach (Changes _ in _changes.Reader.ReadAllAsync()) continue;
    }

    private async Task CopyAsync(SqliteStore copy)
    {
        await foreach (Changes first in _changes.Reader.ReadAllAsync())
        {
            var all = new Changes();
            all.Append(first);
            while (_changes.Reader.TryRead(out Changes? next)) all.Append(next);
            if (!all.IsEmpty) copy.Commit(all);
        }
    }
}
