using System.CommandLine;
using Refrag.Cli.Infra;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag infra apply</c>: makes or changes the stack.</summary>
internal static class InfraApplyVerb
{
    public static Command Create(CliContext context) =>
        ApplyCommand.Create(context, "apply", "Make or change the queues: shows the plan, asks, and does what it said.", [], "Apply this plan");
}
