using System.CommandLine;
using Refrag.BatchSubmitter;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Run;

/// <summary><c>refrag submit</c>: a submission from environment variables, without any configuration.</summary>
internal static class SubmitVerb
{
    public static Command Create(CliContext context)
    {
        Option<bool> json = new("--json") { Description = "Print JSON alone on standard output." };
        string variables = string.Join("\n", SubmitterVariables.All.Select(v => $"  {v.Name,-20} {v.Meaning}"));
        Command verb = new("submit", $"Register a job definition revision and submit it, as environment variables say:\n{variables}")
        {
            json,
        };
        verb.SetAction((parsed, cancellationToken) => RunAsync(context, parsed.GetValue(json), cancellationToken));
        return verb;
    }

    private static Task<int> RunAsync(CliContext context, bool json, CancellationToken cancellationToken)
    {
        context.Signals.Listen();
        return new SubmitRun(context).RunAsync(json, cancellationToken);
    }
}
