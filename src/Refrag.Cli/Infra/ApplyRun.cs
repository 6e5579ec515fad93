using Refrag.Infrastructure;

namespace Refrag.Cli.Infra;

/// <summary><c>refrag infra apply</c> and <c>destroy</c>: plan, show, ask, do.</summary>
internal sealed class ApplyRun(CliContext context, bool yes)
{
    /// <summary>Changes the stack to what the arguments ask for.</summary>
    /// <param name="choice">The stack.</param>
    /// <param name="arguments">Further arguments of the plan, such as <c>-destroy</c>.</param>
    /// <param name="question">What is asked before it is done.</param>
    /// <param name="cancellationToken">Stops between resources.</param>
    public async Task<int> RunAsync(StackChoice choice, IReadOnlyList<string> arguments, string question, CancellationToken cancellationToken)
    {
        if (!(await InfraStack.OpenAsync(context, choice, cancellationToken)).TryGet(out InfraStack? stack, out IReadOnlyList<Problem> problems)) return context.Fail(problems);
        // A move that was interrupted has its own order; a plain apply in between would remove the old queues under their jobs.
        if (File.Exists(stack.JournalPath)) return context.Fail([MoveUnderWay(stack.JournalPath)]);
        try
        {
            if (!(await stack.Deployment.PlanToApplyAsync(arguments, cancellationToken)).TryGet(out PlanSummary? plan, out problems)) return context.Fail(problems);
            context.Terminal.Output(plan.ToString());
            if (plan.IsEmpty) return ExitCodes.Success;
            if (await Confirmation.AskAsync(context, yes, question, cancellationToken) is { } no) return context.Fail([no]);
            problems = await stack.Deployment.ApplyPlanAsync(ApplyProgress.To(context.Terminal), cancellationToken);
            if (problems.Count > 0) return context.Fail(problems);
            context.Terminal.Output("Done.");
            return ExitCodes.Success;
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Note("Interrupted. Terraform has saved its state; the same command goes on.");
            throw;
        }
        finally
        {
            stack.Deployment.ForgetPlan();
        }
    }

    private static Problem MoveUnderWay(string journal) => new()
    {
        Code = "RF6034",
        What = "a migrate or rollback of this stack was interrupted",
        Cause = $"{journal} tells how far it came",
        Cure = "Run the same `refrag infra migrate` or `refrag infra rollback` again: it goes on where it was.",
    };
}
