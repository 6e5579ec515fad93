using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Engine.Jobs.Rules;

/// <summary>How an attempt failed, in the three texts that a retry strategy looks at.</summary>
/// <param name="ExitCode">The container's exit code; null if it never ran.</param>
/// <param name="Reason">The container's reason.</param>
/// <param name="StatusReason">The attempt's status reason.</param>
internal sealed record AttemptFailure(int? ExitCode, string? Reason, string? StatusReason);

/// <summary>Whether a failed attempt is followed by another. (API RetryStrategy, EvaluateOnExit; UG job_retries)</summary>
internal static class RetryRule
{
    /// <summary>
    /// Whether to try again after <paramref name="made"/> attempts. The first entry whose conditions all hold decides (first: assumed);
    /// where none does, the job is tried again as long as it has attempts left.
    /// </summary>
    public static bool TriesAgain(RetryStrategy? strategy, int made, AttemptFailure failure)
    {
        if (made >= (strategy?.Attempts ?? 1)) return false;
        EvaluateOnExit? decisive = strategy?.EvaluateOnExit?.FirstOrDefault(entry => Holds(entry, failure));
        return decisive is null || string.Equals(decisive.Action, RetryAction.Retry, StringComparison.OrdinalIgnoreCase);
    }

    private static bool Holds(EvaluateOnExit entry, AttemptFailure failure) =>
        Holds(entry.OnExitCode, failure.ExitCode?.ToString(CultureInfo.InvariantCulture))
        && Holds(entry.OnReason, failure.Reason)
        && Holds(entry.OnStatusReason, failure.StatusReason);

    // A condition that is not given always holds. What is absent, such as the reason of a container that exited by itself, is an empty
    // text: * matches it, as in the recipe that ends with onReason "*" and EXIT for everything else. (UG job_retries)
    private static bool Holds(string? pattern, string? text) => pattern is null || EndPattern.Matches(pattern, text ?? "");
}
