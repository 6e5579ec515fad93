using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra cleanup</c>: removes environments of earlier settings whose jobs have ended.</summary>
internal static class InfraCleanupVerb
{
    public static Command Create(CliContext context) =>
        ApplyCommand.Create(
            context, "cleanup", "Remove environments of earlier settings that have become empty.", ApplyKind.Cleanup, "Remove these");
}
