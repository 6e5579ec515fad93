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
        "From the single queue of old to CPU and GPU queues: makes the new beside the old, closes the old, waits until it is empty, removes it. Continues where it was interrupted.",
        LayoutDirection.Migrate);
}
