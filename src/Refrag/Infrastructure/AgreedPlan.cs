namespace Refrag.Infrastructure;

/// <summary>Applies a plan that the user has seen. If AWS is behind its own changes, the rest is planned and applied again.</summary>
/// <param name="stack">The stack, which keeps the plan.</param>
/// <param name="agreed">The plan.</param>
/// <param name="environments">Lets Batch check INVALID environments again before each attempt; null if the plan creates nothing.</param>
/// <param name="time">The clock.</param>
public sealed class AgreedPlan(Deployment stack, PlanSummary agreed, EnvironmentRevalidation? environments, TimeProvider time)
{
    /// <summary>Applies. Empty on success.</summary>
    /// <param name="plan">Plans again with the same settings; what it returns may only be a part of the agreed plan.</param>
    /// <param name="onLine">Gets Terraform's JSON events, one a line.</param>
    /// <param name="onRetry">Gets the reason before each further attempt.</param>
    /// <param name="cancellationToken">Stops between resources.</param>
    public Task<IReadOnlyList<Problem>> ApplyAsync(
        Func<Task<Result<PlanSummary>>> plan, Action<string>? onLine, Action<Problem> onRetry, CancellationToken cancellationToken) =>
        Transient.RetryAsync(attempt => ApplyAsync(attempt, plan, onLine, cancellationToken), onRetry, Transient.Pause, time,
            cancellationToken);

    private async Task<IReadOnlyList<Problem>> ApplyAsync(
        int attempt, Func<Task<Result<PlanSummary>>> plan, Action<string>? onLine, CancellationToken cancellationToken)
    {
        if (attempt > 0)
        {
            if (!(await plan()).TryGet(out PlanSummary? rest, out IReadOnlyList<Problem> problems)) return problems;
            PlannedChange[] further = [.. rest.Changes
                .Where(c => !agreed.Changes.Any(a => a.Address == c.Address
                && (a.Action == c.Action || a.Action == PlannedAction.Replace)))];
            if (further.Length > 0) return [OtherPlan(further)];
            if (rest.IsEmpty) return [];
        }
        if (environments is not null) await environments.TryAsync(agreed, cancellationToken);
        return await stack.ApplyPlanAsync(onLine, cancellationToken);
    }

    private static Problem OtherPlan(IReadOnlyList<PlannedChange> changes) => new()
    {
        Code = "RF6043",
        What = $"the rest of the plan was not applied: it now also changes {string.Join(", ", changes.Select(c => c.Address))}",
        Cause = "AWS refused a part of the plan, and the settings or the stack have changed since it was shown",
        Cure = "Run the same command again and check the plan.",
    };
}
