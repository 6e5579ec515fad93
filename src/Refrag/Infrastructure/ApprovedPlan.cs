namespace Refrag.Infrastructure;

/// <summary>Applies a plan that the user has seen. If AWS is behind its own changes, the rest is planned and applied again.</summary>
/// <param name="stack">The stack, which keeps the plan.</param>
/// <param name="approved">The plan.</param>
/// <param name="environments">Lets Batch check INVALID environments again before each attempt; null if the plan creates nothing.</param>
/// <param name="time">The clock.</param>
public sealed class ApprovedPlan(Deployment stack, PlanSummary approved, EnvironmentRevalidation? environments, TimeProvider time)
{
    /// <summary>Applies. Empty on success.</summary>
    /// <param name="plan">Plans again with the same settings; what it returns may only be a part of the approved plan.</param>
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
            IReadOnlyList<PlannedChange> further = Further(approved, rest);
            if (further.Count > 0) return [OtherPlan(further)];
            if (rest.IsEmpty) return [];
        }
        if (environments is not null) await environments.TryAsync(approved, cancellationToken);
        return await stack.ApplyPlanAsync(onLine, cancellationToken);
    }

    /// <summary>What a later plan would change that is not a remainder of an earlier one.</summary>
    /// <param name="approved">The earlier plan.</param>
    /// <param name="rest">The later plan.</param>
    internal static IReadOnlyList<PlannedChange> Further(PlanSummary approved, PlanSummary rest) =>
        [.. rest.Changes.Where(now => !approved.Changes.Any(before => before.Address == now.Address && IsLeftOf(before.Action, now)))];

    // What was not reached is planned as before. A replacement may be half done: only its creation or only its removal is left. What could
    // not be created completely is completed, or replaced because it is tainted, by a successor that may be there already.
    private static bool IsLeftOf(PlannedAction before, PlannedChange now) => before switch
    {
        PlannedAction.Replace => true,
        // What is taken over continues as it is: to replace it was not agreed.
        PlannedAction.Add when now is { IsImported: true, Action: PlannedAction.Replace } => false,
        PlannedAction.Add => now.Action != PlannedAction.Destroy || now.IsDeposed,
        _ => now.Action == before,
    };

    private static Problem OtherPlan(IReadOnlyList<PlannedChange> changes) => new()
    {
        Code = "RF6043",
        What = $"the rest of the plan was not applied: it now also changes {string.Join(", ", changes.Select(c => c.Address))}",
        Cause = "AWS refused a part of the plan, and the settings or the stack have changed since it was shown",
        Cure = "Run the same command again and check the plan.",
    };
}
