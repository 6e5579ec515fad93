using System.CommandLine;
using Refrag.Cli.Infra;

namespace Refrag.Cli.Verbs;

/// <summary><c>refrag infra destroy</c>: removes the stack.</summary>
internal static class InfraDestroyVerb
{
    public static Command Create(CliContext context)
    {
        InfraOptions options = new(plans: true);
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask." };
        Command verb = new("destroy", "Remove everything of the stack. Queues are closed and run empty first.") { yes };
        options.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            context.Signals.Listen();
            return new ApplyRun(context, parsed.GetValue(yes)).RunAsync(options.Read(parsed), ["-destroy"], "Remove all of this", cancellationToken);
        });
        return verb;
    }
}
