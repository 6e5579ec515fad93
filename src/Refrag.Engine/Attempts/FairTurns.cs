using System.Diagnostics.CodeAnalysis;

namespace Refrag.Engine.Attempts;

/// <summary>
/// Lets a few at a time through, in the order in which they came. For work that keeps a thread of the pool for a moment where ten thousand
/// pieces of it may come at once: all of them in the pool would keep requests waiting until the last is done.
/// </summary>
/// <param name="most">How many at a time.</param>
internal sealed class FairTurns(int most)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private int _free = most;

    /// <summary>Waits for a turn, which lasts until it is disposed of. What follows runs in the pool, behind what waits there.</summary>
    public async Task<Turn> NextAsync()
    {
        if (!IsFree(out Task? turn)) await turn;
        // Not as a continuation of whoever gave the turn back: a thread prefers those to what others have asked for.
        await Task.Yield();
        return new Turn(this);
    }

    private bool IsFree([NotNullWhen(false)] out Task? turn)
    {
        turn = null;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return true;
            }
            var waiting = new TaskCompletionSource();
            _waiting.Enqueue(waiting);
            turn = waiting.Task;
            return false;
        }
    }

    private void GiveBack()
    {
        TaskCompletionSource? next;
        lock (_lock)
        {
            if (!_waiting.TryDequeue(out next)) _free++;
        }
        next?.SetResult();
    }

    /// <summary>A turn.</summary>
    internal sealed class Turn(FairTurns turns) : IDisposable
    {
        private FairTurns? _turns = turns;

        /// <summary>Gives it to the next.</summary>
        public void Dispose() => Interlocked.Exchange(ref _turns, null)?.GiveBack();
    }
}
