using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Infrastructure;

/// <summary>A plan that takes no environment away from its jobs.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="Retained">Environments of earlier settings that stay.</param>
/// <param name="Removed">Environments of earlier settings that are empty and go.</param>
public sealed record TwoPhasePlan(
    PlanSummary Plan, IReadOnlyList<RetainedEnvironment> Retained, IReadOnlyList<RetainedEnvironment> Removed);

/// <summary>
/// Removes environments in two phases: an apply makes the new ones and turns the queues to them, and leaves the old ones to their jobs; a
/// later apply, or a cleanup, removes what has become empty. No apply waits for a job.
/// </summary>
/// <param name="stack">The stack.</param>
/// <param name="state">What its state holds.</param>
/// <param name="aws">AWS in a region; asked what still runs.</param>
public sealed class TwoPhaseRemoval(Deployment stack, StackState state, Func<string, IAwsTransport> aws)
{
    /// <summary>Plans the current settings, and the removal of what is empty.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<TwoPhasePlan>> PlanAsync(CancellationToken cancellationToken)
    {
        if (!(await PlanAsync(except: [], targets: [], cancellationToken)).TryGet(
            out PlanSummary? plan, out IReadOnlyList<Problem> problems)) return Result<TwoPhasePlan>.Failure(problems);
        // What runs needs its network, in whatever environment it is. What the retained ones need of it cannot stay when it changes;
        // Terraform's own drains then guard the removal.
        bool changesNetwork = plan.TakesNetworkAway;
        IReadOnlyList<RetainedEnvironment> asked = await ReadAsync(
            plan, changesNetwork ? [.. plan.Retained.Union(state.Environments)] : plan.Retained, cancellationToken);
        if (changesNetwork && asked.Any(e => e.Tasks > 0)) return RetentionProblems.NetworkInUse(plan, asked);
        IReadOnlyList<RetainedEnvironment> retained = [.. asked.Where(e => plan.Retained.Contains(e.Name))];
        RetainedEnvironment[] removed = [.. retained.Where(e => changesNetwork || e.IsRemovable)];
        if (removed.Length == 0) return new TwoPhasePlan(plan, retained, []);
        if (!(await PlanAsync([.. removed.Select(e => e.Name)], targets: [], cancellationToken)).TryGet(out plan, out problems))
            return Result<TwoPhasePlan>.Failure(problems);
        return new TwoPhasePlan(plan, [.. retained.Except(removed)], removed);
    }

    /// <summary>Plans the removal of what is empty, and nothing else.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Result<TwoPhasePlan>> PlanCleanupAsync(CancellationToken cancellationToken)
    {
        if (!(await PlanAsync(cancellationToken)).TryGet(out TwoPhasePlan? whole, out IReadOnlyList<Problem> problems))
            return Result<TwoPhasePlan>.Failure(problems);
        string[] removed = [.. whole.Removed.Where(e => e.IsRemovable).Select(e => e.Name)];
        string[] targets = [.. whole.Plan.Changes.Where(c => c.IsOfEnvironment(removed)).Select(c => $"-target={c.Address}")];
        if (targets.Length == 0) return whole with { Plan = PlanSummary.Nothing with { Region = whole.Plan.Region }, Removed = [] };
        if (!(await PlanAsync(removed, targets, cancellationToken)).TryGet(out PlanSummary? plan, out problems))
            return Result<TwoPhasePlan>.Failure(problems);
        PlannedChange[] further = [.. plan.Changes.Where(
            c => c.Action is PlannedAction.Add or PlannedAction.Replace
                || (c.Action == PlannedAction.Destroy && !c.IsOfEnvironment(removed)))];
        return further.Length > 0 ? RetentionProblems.OtherChanges(further) : whole with { Plan = plan };
    }

    /// <summary>Plans what is left of a plan that was applied in part. Environments that have become empty meanwhile stay.</summary>
    /// <param name="agreed">The plan.</param>
    /// <param name="isCleanup">Whether it is one of <see cref="PlanCleanupAsync"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Result<PlanSummary>> PlanRestAsync(TwoPhasePlan agreed, bool isCleanup, CancellationToken cancellationToken) => PlanAsync(
        [.. agreed.Removed.Where(e => !isCleanup || e.IsRemovable).Select(e => e.Name)],
        isCleanup ? [.. agreed.Plan.Changes.Select(c => $"-target={c.Address}")] : [], cancellationToken);

    /// <summary>
    /// Closes what stays and is in no queue, and returns what it found. What cannot be closed now, the next apply closes.
    /// </summary>
    /// <param name="plan">What was applied.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<RetainedEnvironment>> CloseAsync(TwoPhasePlan plan, CancellationToken cancellationToken)
    {
        if (Region(plan.Plan) is not { } region) return [];
        IReadOnlyList<RetainedEnvironment> now = await ReadAsync(plan.Plan, [.. plan.Retained.Select(e => e.Name)], cancellationToken);
        foreach (RetainedEnvironment environment in now.Where(e => e is { IsOpen: true, IsInQueue: false }))
        {
            try
            {
                var request = new UpdateComputeEnvironmentRequest { ComputeEnvironment = environment.Name, State = CEState.Disabled };
                await aws(region).SendAsync(BatchOperations.UpdateComputeEnvironment, request, cancellationToken);
            }
            catch (BatchException)
            {
                // It is being modified: it takes no jobs all the same, for no queue uses it.
            }
        }
        return now;
    }

    private string? Region(PlanSummary plan) => state.Region ?? plan.Region;

    // Environments of the same names in another region belong to another stack. Unread, they are neither closed nor removed.
    private async Task<IReadOnlyList<RetainedEnvironment>> ReadAsync(PlanSummary plan, IReadOnlyList<string> names,
        CancellationToken cancellationToken) =>
        Region(plan) is { } region ? await RetainedEnvironment.ReadAsync(aws(region), names, cancellationToken) : [];

    private Task<Result<PlanSummary>> PlanAsync(
        IReadOnlyCollection<string> except, IReadOnlyList<string> targets, CancellationToken cancellationToken) =>
        stack.PlanToApplyAsync([.. state.Retain(except) is { } kept ? new[] { kept } : [], .. targets], cancellationToken);
}

/// <summary>Why environments cannot be removed in two phases. RF6037–RF6039 and RF6044.</summary>
internal static class RetentionProblems
{
    public static Problem EditedUnderJobs(PlanSummary plan) => new()
    {
        Code = "RF6037",
        What = "compute environments would be changed under their own names: "
            + $"{string.Join("; ", plan.EditedEnvironments.Select(e => $"{e.Name} ({e.Edits})"))}",
        Cause = "Batch ends the jobs of an environment that it changes so, and makes no second one of the same name",
        Cure = "Raise batch_generation by one: new environments are made beside these, and jobs end where they run.",
    };

    public static Problem NetworkInUse(PlanSummary plan, IReadOnlyList<RetainedEnvironment> asked) => new()
    {
        Code = "RF6038",
        What = "the network cannot be changed while jobs run in it: "
            + $"{string.Join(", ", plan.Changes.Where(c => c.TakesNetworkAway).Select(c => c.Address))}",
        Cause = string.Join("; ", asked.Where(e => e.Tasks > 0).Select(e => $"{e.Name}: {(e.Tasks == 1 ? "1 job" : $"{e.Tasks} jobs")}")),
        Cure = "Disable the queues (`aws batch update-job-queue --state DISABLED`) and apply when these jobs have ended; or make a "
            + "second stack with another name_prefix.",
    };

    public static Problem MarkedByHand(IReadOnlyList<PlannedChange> changes) => new()
    {
        Code = "RF6044",
        What = $"marked for replacement (tainted): {string.Join(", ", changes.Select(c => c.Address))}",
        Cause = "a queue or environment cannot be replaced under its own name: its successor is created first",
        Cure = $"Remove the mark (`terraform untaint '{changes[0].Address}'`); to replace environments, raise batch_generation by one.",
    };

    public static Problem OtherChanges(IReadOnlyList<PlannedChange> changes) => new()
    {
        Code = "RF6039",
        What = $"more than empty environments would change: {string.Join(", ", changes.Select(c => c.Address))}",
        Cure = "Run `refrag infra apply`, which shows these changes and removes empty environments as well.",
    };
}
