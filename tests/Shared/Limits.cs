using Microsoft.Extensions.Time.Testing;

namespace Refrag.Testing;

/// <summary>Waits of projects that start processes or move a clock.</summary>
internal static class Limits
{
    /// <summary>The limit of every wait.</summary>
    public static TimeSpan Step => Eventually.Limit;

    /// <summary>Lets the clock run until a task has ended.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="task">The task.</param>
    /// <param name="step">How far the clock moves at a time; null for a second.</param>
    public static async Task<T> AdvanceUntil<T>(this FakeTimeProvider time, Task<T> task, TimeSpan? step = null)
    {
        await time.AdvanceUntil((Task)task, step);
        return await task;
    }

    /// <summary>Lets the clock run until a task has ended.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="task">The task.</param>
    /// <param name="step">How far the clock moves at a time; null for a second.</param>
    public static async Task AdvanceUntil(this FakeTimeProvider time, Task task, TimeSpan? step = null)
    {
        await Eventually.HoldsAsync(() =>
        {
            if (!task.IsCompleted) time.Advance(step ?? TimeSpan.FromSeconds(1));
            return task.IsCompleted;
        });
        await task;
    }

    /// <summary>
    /// Waits until a process that was killed has gone: its end comes a moment after the signal, and of a process that is not our child
    /// nothing else shows it.
    /// </summary>
    public static Task Gone(string pid) => Eventually.HoldsAsync(() => !IsAlive(pid), $"process {pid} has ended");

    private static bool IsAlive(string pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
