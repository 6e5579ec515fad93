namespace Refrag.Engine.Tests;

/// <summary>How long a test waits for what must happen before it says that it does not.</summary>
internal static class Limits
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(30);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Step, TestContext.Current.CancellationToken);

    public static Task Soon(this Task task) => task.WaitAsync(Step, TestContext.Current.CancellationToken);
}
