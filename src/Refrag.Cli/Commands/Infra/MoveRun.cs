using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra migrate</c> and <c>rollback</c>.</summary>
internal sealed class MoveRun(CliContext context, LayoutDirection direction)
{
    /// <summary>Moves the stack, or resumes a move.</summary>
    /// <param name="choice">The stack.</param>
    /// <param name="options">How.</param>
    /// <param name="yes">Whether to continue without asking.</param>
    /// <param name="cancellationToken">Stops; the same command resumes.</param>
    public async Task<int> RunAsync(StackChoice choice, LayoutMoveOptions options, bool yes, CancellationToken cancellationToken)
    {
        if (!(await InfraStack.OpenAsync(context, choice, cancellationToken)).TryGet(
            out InfraStack? stack, out IReadOnlyList<Problem> problems)) return context.Fail(problems);
        if (!(await stack.Deployment.StateAsync(cancellationToken)).TryGet(out StackState? state, out problems))
            return context.Fail(problems);
        Result<LayoutJournalEntry> journal = await stack.Journal.ReadAsync(cancellationToken);
        if (!journal.TryGet(out LayoutJournalEntry? entry, out problems)) return context.Fail(problems);
        if (!LayoutMove.Region(direction, state, entry.Move).TryGet(out string? region, out problems)) return context.Fail(problems);
        using var aws = new StackAws(context);
        var mover = new LayoutMover(stack.Deployment, aws.In(region), stack.Journal, context.Time);
        try
        {
            // What was begun was agreed to.
            if (!options.DryRun && entry.Move is null)
            {
                problems = await mover.MoveAsync(direction, options with { DryRun = true }, Report, cancellationToken);
                if (problems.Count > 0) return context.Fail(problems);
                if (await Confirmation.AskAsync(context, yes, "Do this", cancellationToken) is { } no) return context.Fail([no]);
            }
            problems =
                await mover.MoveAsync(direction, options with { OnLine = ApplyProgress.To(context.Terminal) }, Report, cancellationToken);
            return problems.Count > 0 ? context.Fail(problems) : ExitCodes.Success;
        }
        catch (OperationCanceledException)
        {
            context.Terminal.Note("Interrupted. The same command continues where this one was.");
            throw;
        }
        finally
        {
            stack.Deployment.ForgetPlan();
        }
    }

    private void Report(LayoutProgress progress) => context.Terminal.Output($"{Word(progress.Step),-7}{progress.Text}");

    private static string Word(LayoutStep step) => step switch
    {
        LayoutStep.AddNew => "add",
        LayoutStep.CloseOld => "close",
        LayoutStep.WaitUntilEmpty => "wait",
        LayoutStep.RemoveOld => "remove",
        _ => "done",
    };
}
