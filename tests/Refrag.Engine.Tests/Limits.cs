using Microsoft.Extensions.Time.Testing;

namespace Refrag.Engine.Tests;

/// <summary>How long a test waits for what must happen before it says that it does not.</summary>
internal static class Limits
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Step, TestContext.Current.CancellationToken);

    public static Task Soon(this Task task) => task.WaitAsync(Step, TestContext.Current.CancellationToken);

    /// <summary>Lets the clock run until a task has ended.</summary>
    public static async Task<T> AdvanceUntil<T>(this FakeTimeProvider time, Task<T> task)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Step);
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, limit.Token);
        }
        return await task;
    }

    /// <summary>
    /// Waits until a process that was killed has gone: its end comes a moment after the signal, and of a process that is not our child nothing else tells.
    /// </summary>
    public static async Task Gone(string pid)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Step);
        while (IsAlive(pid)) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
    }

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
