using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra destroy</c>: removes the stack.</summary>
internal static class InfraDestroyVerb
{
    public static Command Create(CliContext context) =>
        ApplyCommand.Create(context, "destroy", "Remove everything of the stack. Queues are closed and run empty first.", ApplyKind.Destroy,
            "Remove all of this");
}
