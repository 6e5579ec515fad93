using System.CommandLine;
using Refrag.Cli.Infra;
using Refrag.Infrastructure;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag infra migrate</c>: from the single queue of old to CPU and GPU queues.</summary>
internal static class InfraMigrateVerb
{
    public static Command Create(CliContext context)
    {
        InfraOptions stack = new(plans: true);
        MoveOptions options = new();
        Command verb = new(
            "migrate",
            "From the single queue of old to CPU and GPU queues: makes the new beside the old, closes the old, waits until it is empty, removes it. Goes on where it was interrupted.");
        options.AddTo(verb);
        stack.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            context.Signals.Listen();
            return options.Read(parsed).TryGet(out LayoutMoveOptions? how, out IReadOnlyList<Problem> problems)
                ? new MoveRun(context, LayoutDirection.Migrate).RunAsync(stack.Read(parsed), how, options.IsAgreed(parsed), cancellationToken)
                : Task.FromResult(context.Fail(problems));
        });
        return verb;
    }
}
