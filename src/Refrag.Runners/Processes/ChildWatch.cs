using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Refrag.Runners.Processes;

/// <summary>
/// Reports when children end, without a thread each: the runtime's SIGCHLD handler wakes it, and it looks only at the children it was
/// given, so that it and .NET's Process class leave each other's children alone.
/// </summary>
internal sealed class ChildWatch : IDisposable
{
    private readonly ConcurrentDictionary<int, TaskCompletionSource<ChildStatus>> _children = new();
    private readonly PosixSignalRegistration _registration;

    public ChildWatch() => _registration = OperatingSystem.IsWindows()
        ? throw new PlatformNotSupportedException("Jobs run as processes on Linux and macOS only; on Windows use WSL.")
        : PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => CheckAll());

    /// <summary>Ends when the child has ended; the child stays uncollected.</summary>
    public Task<ChildStatus> WhenEnded(int pid)
    {
        var source = new TaskCompletionSource<ChildStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        _children[pid] = source;
        // It may have ended before it was in the table.
        Check(pid, source);
        return source.Task;
    }

    public void Dispose() => _registration.Dispose();

    private void CheckAll()
    {
        foreach (var (pid, source) in _children) Check(pid, source);
    }

    private void Check(int pid, TaskCompletionSource<ChildStatus> source)
    {
        // One look at a time: after the child is collected its id may belong to another process.
        lock (source)
        {
            if (source.Task.IsCompleted || ChildStatus.Peek(pid) is not { } status) return;
            _children.TryRemove(pid, out _);
            source.SetResult(status);
        }
    }
}
