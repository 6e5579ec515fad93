using System.Runtime.CompilerServices;

namespace Refrag.Testing;

/// <summary>Waits for what must happen, by condition or by event; never by an assumption about the machine's speed.</summary>
internal static class Eventually
{
    /// <summary>The longest that a test waits for one event. Only what never happens reaches it: no machine is this slow.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The longest that a test waits for the end of a program. The program waits for several events, each within <see cref="Limit"/>,
    /// and reports the one that did not come.
    /// </summary>
    public static readonly TimeSpan ProgramLimit = 5 * Limit;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    private static CancellationToken TestStop => TestContext.Current.CancellationToken;

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="TimeoutException">It does not hold within the limit; the message is the condition's source.</exception>
    public static Task HoldsAsync(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        HoldsAsync(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, string)"/>
    public static async Task HoldsAsync(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, TestStop);
        try
        {
            while (!await condition().WaitAsync(stop.Token)) await Task.Delay(s_pause, TimeProvider.System, stop.Token);
        }
        catch (OperationCanceledException stopped) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"Does not hold after {Limit}: {what}", stopped);
        }
    }

    /// <summary>A token that ends what a test waits for: at the limit, or with the test.</summary>
    public static CancellationTokenSource Stop()
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(TestStop);
        stop.CancelAfter(Limit);
        return stop;
    }

    /// <summary>The task's result, within the limit.</summary>
    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Limit, TimeProvider.System, TestStop);

    /// <summary>The task's end, within the limit.</summary>
    public static Task Soon(this Task task) => task.WaitAsync(Limit, TimeProvider.System, TestStop);
}
