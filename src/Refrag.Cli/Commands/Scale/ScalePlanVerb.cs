using System.CommandLine;
using Refrag.Catalogues;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Scheduling.Simulation;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Scale;

/// <summary><c>refrag scale plan</c>: what the policies would change now, or would have made of a trace.</summary>
internal static class ScalePlanVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions query = new("Names of policies; all if none", "policy") { NotOnSlurm = "its nodes are the site's matter" };
        Option<string> replay = new("--replay")
        {
            HelpName = "file",
            Description = "Replay the policies over a trace: wait and cost with and without.",
        };
        Option<string> world = new("--world")
        {
            HelpName = "file",
            Description = "With --replay: a world in YAML. Default: the deployed queues.",
        };
        Option<string> interval = ScaleVerb.Interval("With --replay: how often the policies are applied. Default: 1m.");
        Command verb = query.Verb(
            "plan",
            "Show what the policies of conf/scale would change, and why.\n"
            + "Nothing is changed. With --replay the same policies are applied to a trace in the simulator of `refrag simulate`.",
            replay, world, interval);
        verb.SetAction((parsed, cancellationToken) => parsed.GetValue(replay) is { } trace
            ? ReplayAsync(context, query, parsed, new ScaleReplay(trace, ScaleVerb.Read(parsed, interval)), parsed.GetValue(world),
                cancellationToken)
            : parsed.GetValue(world) is not null
                ? Task.FromResult(context.Refuse([ScaleRefusals.NeedsReplay()]))
                : ScaleVerb.RunAsync(context, query, parsed, run => run.PlanAsync(cancellationToken), cancellationToken));
        return verb;
    }

    private static async Task<int> ReplayAsync(
        CliContext context, QueryOptions query, ParseResult parsed, ScaleReplay replay, string? file, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> folders = Configurations.Folders(context, query.FoldersOf(parsed));
        if (!ScalePolicies.Read(context, folders, query.Plain(parsed))
            .TryGet(out ScalePolicies? policies, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
        KnownCatalogue known = UserCatalogue.Load(context);
        bool json = parsed.GetValue(query.Json);
        if (file is not null)
        {
            context.Signals.Listen();
            return WorldFile.Read(Path.GetFullPath(file, context.WorkingDirectory), file, known)
                .TryGet(out World? world, out problems)
                ? replay.Run(context, world, policies, json, cancellationToken)
                : context.Refuse(problems);
        }
        return await QuerySession.RunAsync(context, query, parsed, async session =>
        {
            if (session.IsLocal) return context.Refuse([ScaleRefusals.NeedsBatch(session)]);
            return (await DeployedWorld.ReadAsync(session, session.Batch, known, new Scenario(), isNow: false, cancellationToken))
                .TryGet(out World? world, out problems)
                ? replay.Run(context, world, policies, json, cancellationToken)
                : context.Refuse(problems);
        });
    }
}
