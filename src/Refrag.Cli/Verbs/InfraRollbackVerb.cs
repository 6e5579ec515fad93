using System.CommandLine;
using Refrag.Cli.Infra;
using Refrag.Infrastructure;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag infra rollback</c>: back to the single queue.</summary>
internal static class InfraRollbackVerb
{
    public static Command Create(CliContext context)
    {
        InfraOptions stack = new(plans: true);
        MoveOptions options = new();
        Command verb = new(
            "rollback",
            "Back to a single queue: makes it beside the CPU and GPU queues, closes those, waits until they are empty, removes them. Goes on where it was interrupted.");
        options.AddTo(verb);
        stack.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            context.Signals.Listen();
            return options.Read(parsed).TryGet(out LayoutMoveOptions? how, out IReadOnlyList<Problem> problems)
                ? new MoveRun(context, LayoutDirection.Rollback).RunAsync(stack.Read(parsed), how, options.IsAgreed(parsed), cancellationToken)
                : Task.FromResult(context.Fail(problems));
        });
        return verb;
    }
}
