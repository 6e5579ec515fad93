namespace Refrag.Infrastructure;

/// <summary>
/// Repeats what AWS refuses because a change of a moment ago is not visible everywhere yet: a queue that has left an environment, a role
/// that has just been created.
/// </summary>
internal static class Transient
{
    // A role is usable everywhere within seconds, a list of Batch within a minute.
    private const int Attempts = 8;

    private static readonly string[] s_codes = ["RF6040", "RF6042"];

    /// <summary>How long to wait between two attempts.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Runs the action until it succeeds, fails for another reason, or has failed too often. The problems of the last
    /// attempt.</summary>
    /// <param name="action">What is done; it can be repeated without harm. Its argument is the number of earlier attempts.</param>
    /// <param name="onRetry">Gets the problem before each wait.</param>
    /// <param name="pause">The wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<IReadOnlyList<Problem>> RetryAsync(
        Func<int, Task<IReadOnlyList<Problem>>> action, Action<Problem> onRetry, TimeSpan pause, TimeProvider time,
            CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            IReadOnlyList<Problem> problems = await action(attempt);
            if (problems.Count == 0 || attempt + 1 == Attempts || problems.Any(p => !s_codes.Contains(p.Code))) return problems;
            onRetry(problems[0]);
            await Task.Delay(pause, time, cancellationToken);
        }
    }
}
