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
        "Back to a single queue: makes it beside the CPU and GPU queues, closes those, waits until they are empty, removes them. Continues where it was interrupted.",
        LayoutDirection.Rollback);
}
