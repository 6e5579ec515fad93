using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Infra;

/// <summary><c>refrag infra apply</c>: makes or changes the stack.</summary>
internal static class InfraApplyVerb
{
    public static Command Create(CliContext context) =>
        ApplyCommand.Create(context, "apply", "Make or change the queues: show the plan, ask, apply. Waits for no job.",
            ApplyKind.Apply, "Apply this plan");
}
