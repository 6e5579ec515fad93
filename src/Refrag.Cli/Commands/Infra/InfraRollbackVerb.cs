using System.CommandLine;
using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra rollback</c>: back to the single queue.</summary>
internal static class InfraRollbackVerb
{
    public static Command Create(CliContext context) => MoveCommand.Create(
        context,
        "rollback",
        "Move the CPU and GPU queues back to a single queue.\n"
            + "Makes the single queue beside them, closes them, waits until they are empty and removes them. "
            + "An interrupted move is resumed.",
        LayoutDirection.Rollback);
}
