namespace Refrag.Infrastructure;

/// <summary>
/// Repeats what AWS refuses because a change of a moment ago is not visible everywhere yet: a queue that has left an environment, a role
/// that has just been created.
/// </summary>
internal static class Transient
{
    // A role is usable everywhere within seconds, a list of Batch within a minute.
    private const int Attempts = 8;

    private static readonly string[] s_codes = ["RF6040", "RF6042", "RF6048"];

    /// <summary>The shortest wait between two attempts.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Runs the action until it succeeds, fails for another reason, or has failed too often. The problems of the last
    /// attempt.</summary>
    /// <param name="action">What is done; it can be repeated without harm. Its argument is the number of earlier attempts.</param>
    /// <param name="onRetry">Gets the problem before each wait.</param>
    /// <param name="pause">The wait, if it is longer than <see cref="Pause"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task<IReadOnlyList<Problem>> RetryAsync(
        Func<int, Task<IReadOnlyList<Problem>>> action, Action<Problem> onRetry, TimeSpan pause, TimeProvider time,
            CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            IReadOnlyList<Problem> problems = await action(attempt);
            if (problems.Count == 0 || problems.Any(p => !s_codes.Contains(p.Code))) return problems;
            if (attempt + 1 == Attempts) return [.. problems.Select(Lasting)];
            onRetry(problems[0]);
            await Task.Delay(pause > Pause ? pause : Pause, time, cancellationToken);
        }
    }

    // AWS answers a fault that lasts in the same words. What is taken over is another thing each time.
    private static Problem Lasting(Problem problem) => problem.Code == "RF6048" ? problem : problem with
    {
        What = $"{problem.What}, in {Attempts} attempts",
        Cure = problem.Code == "RF6040"
            ? "Likely a queue outside this stack uses the environment: `aws batch describe-job-queues` lists all. Remove it from that "
                + "queue, "
                + "or, if there is none, run the same command again later; nothing is lost."
            : "Likely the role lacks the right that the cause names, or a policy of the organization denies it: a new role is usable "
                + "within "
                + "seconds. Correct it and run the same command again; what is there already is taken over.",
    };
}
