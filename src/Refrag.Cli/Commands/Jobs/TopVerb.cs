using System.CommandLine;
using Refrag.Cli.Commands.Jobs.Top;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag top</c>: queues and jobs, live.</summary>
internal static class TopVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions options = new();
        Option<bool> once = new("--once") { Description = "Print one screen and end, as where the output is not a terminal." };
        Command verb =
            options.Verb(
                "top",
                "Show queues, fleets and jobs live; with --json, once as an object.\n"
                + "Keys: / filter, enter open, l log, c cancel, t terminate, q quit.", once);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            var loop = new TopLoop(session);
            if (session.Json) await loop.ReportAsync(cancellationToken);
            else if (parsed.GetValue(once) || !session.Terminal.OutputIsTerminal || Console.IsInputRedirected)
                await loop.OnceAsync(cancellationToken);
            else await loop.RunAsync(cancellationToken);
            return ExitCodes.Success;
        }));
        return verb;
    }
}
