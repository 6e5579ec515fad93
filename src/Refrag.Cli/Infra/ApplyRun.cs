using Refrag.Cli.Running;
using Refrag.Infrastructure;

namespace Refrag.Cli.Infra;

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
        if (!(await InfraStack.OpenAsync(context, choice, cancellationToken)).TryGet(out InfraStack? stack, out IReadOnlyList<Problem> problems)) return context.Fail(problems);
        // A move that was interrupted has its own order; a plain apply in between would remove the old queues under their jobs.
        if (File.Exists(stack.JournalPath)) return context.Fail([MoveUnderWay(stack.JournalPath)]);
        if (!(await stack.Deployment.StateAsync(cancellationToken)).TryGet(out StackState? state, out problems)) return context.Fail(problems);
        using AwsConnection aws = stack.Connect(state.Region);
        var removal = new TwoPhaseRemoval(stack.Deployment, state, aws.Transport);
        try
        {
            if (!(await PlanAsync(stack.Deployment, removal, kind, cancellationToken)).TryGet(out TwoPhasePlan? plan, out problems)) return context.Fail(problems);
            context.Terminal.Output(kind == ApplyKind.Cleanup && plan.Plan.IsEmpty ? "Nothing to remove." : plan.Plan.ToString());
            if (!plan.Plan.IsEmpty)
            {
                if (await Confirmation.AskAsync(context, yes, question, cancellationToken) is { } no) return context.Fail([no]);
                problems = await stack.Deployment.ApplyPlanAsync(ApplyProgress.To(context.Terminal), cancellationToken);
                if (problems.Count > 0) return context.Fail(problems);
                context.Terminal.Output("Done.");
            }
            await CloseAsync(removal, plan, cancellationToken);
            return ExitCodes.Success;
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

    private static async Task<Result<TwoPhasePlan>> PlanAsync(Deployment stack, TwoPhaseRemoval removal, ApplyKind kind, CancellationToken cancellationToken)
    {
        if (kind == ApplyKind.Apply) return await removal.PlanAsync(cancellationToken);
        if (kind == ApplyKind.Cleanup) return await removal.PlanCleanupAsync(cancellationToken);
        return (await stack.PlanToApplyAsync(["-destroy"], cancellationToken)).TryGet(out PlanSummary? plan, out IReadOnlyList<Problem> problems)
            ? new TwoPhasePlan(plan, [], [])
            : Result<TwoPhasePlan>.Failure(problems);
    }

    private async Task CloseAsync(TwoPhaseRemoval removal, TwoPhasePlan plan, CancellationToken cancellationToken)
    {
        foreach (RetainedEnvironment environment in await removal.CloseAsync(plan.Retained, cancellationToken))
        {
            context.Terminal.Output($"retained  {environment}. `refrag infra cleanup` removes it when it is empty.");
        }
    }

    private static Problem MoveUnderWay(string journal) => new()
    {
        Code = "RF6034",
        What = "a migrate or rollback of this stack was interrupted",
        Cause = $"{journal} shows the step that it reached",
        Cure = "Run the same `refrag infra migrate` or `refrag infra rollback` again: it continues where it was.",
    };
}
