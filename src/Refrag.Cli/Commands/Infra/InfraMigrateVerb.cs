using System.CommandLine;
using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra migrate</c>: from the single queue of old to CPU and GPU queues.</summary>
internal static class InfraMigrateVerb
{
    public static Command Create(CliContext context) => MoveCommand.Create(
        context,
        "migrate",
        "Move the single queue of old to CPU and GPU queues.\n"
            + "Makes the new queues beside the old one, closes it, waits until it is empty and removes it. "
            + "An interrupted move is resumed.",
        LayoutDirection.Migrate);
}
