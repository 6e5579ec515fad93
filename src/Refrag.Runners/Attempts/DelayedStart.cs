namespace Refrag.Runners.Attempts;

/// <summary>
/// Repeats the start of an attempt until what it lacks for the moment is there again: a file descriptor, room on the disk, the container
/// engine. An accepted job waits for these; it does not fail.
/// </summary>
internal static class DelayedStart
{
    private static readonly TimeSpan s_betweenTries = TimeSpan.FromSeconds(1);

    /// <summary>The result of a step, as soon as it has one.</summary>
    /// <param name="step">The step; it may be repeated after an exception that <paramref name="why"/> explains, and has left nothing behind
    /// then.</param>
    /// <param name="why">Why the step cannot be done now; null if an exception has another cause, which is then thrown.</param>
    /// <param name="report">Gets the reason before each wait; null if no caller wants to know.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Ends the waiting with <see cref="OperationCanceledException"/>.</param>
    public static async Task<T> RunAsync<T>(
        Func<Task<T>> step, Func<Exception, string?> why, Action<string>? report, TimeProvider time, CancellationToken stopping)
    {
        while (true)
        {
            string? reason = null;
            try
            {
                return await step();
            }
            catch (Exception e) when ((reason = why(e)) is not null)
            {
                report?.Invoke(reason);
            }
            await Task.Delay(s_betweenTries, time, stopping);
        }
    }
}
