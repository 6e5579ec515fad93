using System.CommandLine;
using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary>What <c>refrag infra migrate</c> and <c>rollback</c> have in common: all but the direction.</summary>
internal static class MoveCommand
{
    public static Command Create(CliContext context, string name, string description, LayoutDirection direction)
    {
        InfraOptions stack = new(plans: true);
        MoveOptions options = new();
        Command verb = new(name, description);
        options.AddTo(verb);
        stack.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            context.Signals.Listen();
            return options.Read(parsed).TryGet(out LayoutMoveOptions? how, out IReadOnlyList<Problem> problems)
                ? new MoveRun(context, direction).RunAsync(stack.Read(parsed), how, options.IsAgreed(parsed), cancellationToken)
                : Task.FromResult(context.Fail(problems));
        });
        return verb;
    }
}
