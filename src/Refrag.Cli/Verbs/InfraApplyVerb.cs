using System.CommandLine;
using Refrag.Cli.Infra;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag infra apply</c>: makes or changes the stack.</summary>
internal static class InfraApplyVerb
{
    public static Command Create(CliContext context)
    {
        InfraOptions options = new(plans: true);
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask." };
        Command verb = new("apply", "Make or change the queues: shows the plan, asks, and does what it said.") { yes };
        options.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            context.Signals.Listen();
            return new ApplyRun(context, parsed.GetValue(yes)).RunAsync(options.Read(parsed), [], "Apply this plan", cancellationToken);
        });
        return verb;
    }
}
