using System.CommandLine;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Infra;

/// <summary>
/// What <c>refrag infra apply</c>, <c>cleanup</c> and <c>destroy</c> have in common: a plan that is shown, asked about and done.
/// </summary>
internal static class ApplyCommand
{
    /// <summary>Makes the verb.</summary>
    /// <param name="context">Where it runs.</param>
    /// <param name="name">The verb.</param>
    /// <param name="description">What it does, for the help.</param>
    /// <param name="kind">What is planned.</param>
    /// <param name="question">What is asked before it is done.</param>
    public static Command Create(CliContext context, string name, string description, ApplyKind kind, string question)
    {
        InfraOptions options = new(plans: true);
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask." };
        Command verb = new(name, description) { yes };
        options.AddTo(verb);
        verb.SetAction((parsed, cancellationToken) =>
        {
            context.Signals.Listen();
            return new ApplyRun(context, parsed.GetValue(yes)).RunAsync(options.Read(parsed), kind, question, cancellationToken);
        });
        return verb;
    }
}
