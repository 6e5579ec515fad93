using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary>What is planned and then done.</summary>
internal enum ApplyKind
{
    /// <summary>The current settings. Environments of earlier settings stay until they are empty.</summary>
    Apply,

    /// <summary>The removal of such environments that are empty, and nothing else.</summary>
    Cleanup,

    /// <summary>The removal of everything.</summary>
    Destroy,
}

/// <summary><c>refrag infra apply</c>, <c>cleanup</c> and <c>destroy</c>: plan, show, ask, do.</summary>
internal sealed class ApplyRun(CliContext context, bool yes)
{
    /// <summary>Changes the stack.</summary>
    /// <param name="choice">The stack.</param>
    /// <param name="kind">What is planned.</param>
    /// <param name="question">What is asked before it is done.</param>
    /// <param name="cancellationToken">Stops between resources.</param>
    public async Task<int> RunAsync(StackChoice choice, ApplyKind kind, string question, CancellationToken cancellationToken)
    {
        if (!(await InfraStack.OpenAsync(context, choice, cancellationToken)).TryGet(
            out InfraStack? stack, out IReadOnlyList<Problem> problems)) return context.Fail(problems);
        // A move that was interrupted has its own order; a plain apply in between would remove the old queues under their jobs.
        Result<LayoutJournalEntry> journal = await stack.Journal.ReadAsync(cancellationToken);
        if (!journal.TryGet(out LayoutJournalEntry? entry, out problems)) return context.Fail(problems);
        if (entry.Blocker is { } move) return context.Fail([move]);
        if (!(await stack.Deployment.StateAsync(cancellationToken)).TryGet(out StackState? state, out problems))
            return context.Fail(problems);
        using var aws = new StackAws(context);
        try
        {
            problems = await ChangeAsync(stack.Deployment, state, aws, kind, question, cancellationToken);
            return problems.Count > 0 ? context.Fail(problems) : ExitCodes.Success;
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Note("Interrupted. Terraform has saved its state; run the same command to continue.");
            throw;
        }
        finally
        {
            stack.Deployment.ForgetPlan();
        }
    }

    private async Task<IReadOnlyList<Problem>> ChangeAsync(
        Deployment stack, StackState state, StackAws aws, ApplyKind kind, string question, CancellationToken cancellationToken)
    {
        var removal = new TwoPhaseRemoval(stack, state, aws.In);
        var environments = kind == ApplyKind.Apply ? new EnvironmentRevalidation(stack, aws.In, context.Time) : null;
        Result<TwoPhasePlan> planned = await PlanAsync(stack, removal, kind, cancellationToken);
        if (!planned.TryGet(out TwoPhasePlan? plan, out IReadOnlyList<Problem> problems)) return problems;
        context.Terminal.Output(kind == ApplyKind.Cleanup && plan.Plan.IsEmpty ? "Nothing to remove." : plan.Plan.ToString());
        if (!plan.Plan.IsEmpty)
        {
            if (await Confirmation.AskAsync(context, yes, question, cancellationToken) is { } no) return [no];
            problems = await new ApprovedPlan(stack, plan.Plan, environments, context.Time).ApplyAsync(
                () => PlanRestAsync(stack, removal, plan, kind, cancellationToken), ApplyProgress.To(context.Terminal), Retry,
                cancellationToken);
            if (kind == ApplyKind.Destroy)
                problems = [.. problems, .. await DeregisterAsync(stack, aws, state, plan.Plan, cancellationToken)];
            if (problems.Count > 0) return problems;
            context.Terminal.Output("Done.");
        }
        else if (kind == ApplyKind.Destroy)
        {
            return await DeregisterAsync(stack, aws, state, plan.Plan, cancellationToken);
        }
        await CloseAsync(removal, plan, cancellationToken);
        return environments is null ? [] : await environments.RunAsync(plan.Plan, cancellationToken);
    }

    private static async Task<Result<TwoPhasePlan>> PlanAsync(
        Deployment stack, TwoPhaseRemoval removal, ApplyKind kind, CancellationToken cancellationToken)
    {
        if (kind == ApplyKind.Apply) return await removal.PlanAsync(cancellationToken);
        if (kind == ApplyKind.Cleanup) return await removal.PlanCleanupAsync(cancellationToken);
        return (await stack.PlanToApplyAsync(["-destroy"], cancellationToken)).TryGet(
            out PlanSummary? plan, out IReadOnlyList<Problem> problems)
            ? new TwoPhasePlan(plan, [], [])
            : Result<TwoPhasePlan>.Failure(problems);
    }

    private static Task<Result<PlanSummary>> PlanRestAsync(
        Deployment stack, TwoPhaseRemoval removal, TwoPhasePlan agreed, ApplyKind kind, CancellationToken cancellationToken) =>
        kind == ApplyKind.Destroy
            ? stack.PlanToApplyAsync(["-destroy"], cancellationToken)
            : removal.PlanRestAsync(agreed, kind == ApplyKind.Cleanup, cancellationToken);

    // Also after a destroy that failed half-way, and what an earlier one left.
    private async Task<IReadOnlyList<Problem>> DeregisterAsync(
        Deployment stack, StackAws aws, StackState before, PlanSummary plan, CancellationToken cancellationToken)
    {
        if ((before.Region ?? plan.Region) is not { } region) return [];
        if (!(await stack.StateAsync(cancellationToken)).TryGet(out StackState? after, out IReadOnlyList<Problem> unread)) return unread;
        DeregisteredDefinitions done = await new DerivedDefinitions(aws.In(region))
            .DeregisterAsync([.. before.Definitions.Except(after.Definitions)], plan.NamePrefix, cancellationToken);
        if (done.Count > 0)
            context.Terminal.Output($"deregistered {done.Count} job definitions that refrag had derived from those of the stack");
        return done.Problem is { } left ? [left] : [];
    }

    private void Retry(Problem problem) => context.Terminal.Note($"again in a moment: {problem.What}");

    private async Task CloseAsync(TwoPhaseRemoval removal, TwoPhasePlan plan, CancellationToken cancellationToken)
    {
        foreach (RetainedEnvironment environment in await removal.CloseAsync(plan, cancellationToken))
        {
            context.Terminal.Output($"retained  {environment}. `refrag infra cleanup` removes it when it is empty.");
        }
    }
}
