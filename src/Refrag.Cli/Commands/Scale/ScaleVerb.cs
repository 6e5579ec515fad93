using System.CommandLine;
using Refrag.Claims;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Scaling;

namespace Refrag.Cli.Commands.Scale;

/// <summary><c>refrag scale</c>: compute environments that follow the jobs that wait, the hours of the week, and a budget.</summary>
internal static class ScaleVerb
{
    private static readonly TimeSpan s_usualInterval = TimeSpan.FromMinutes(1);

    public static Command Create(CliContext context) => new("scale", "Scale compute environments by waiting jobs, hours and a budget.")
    {
        ScalePlanVerb.Create(context),
        Apply(context),
        Watch(context),
    };

    private static Command Apply(CliContext context)
    {
        QueryOptions options = new("Names of policies; all if none", "policy") { NotOnSlurm = "its nodes are the site's matter" };
        Command verb = options.Verb(
            "apply",
            "Apply the policies of conf/scale once.\n"
            + "For a timer of the system. Each change is claimed first, in the store that env.claims names, so that several hosts may "
            + "scale the same environments.");
        verb.SetAction((parsed, cancellationToken) =>
            RunAsync(context, options, parsed, run => run.OnceAsync(cancellationToken), cancellationToken));
        return verb;
    }

    private static Command Watch(CliContext context)
    {
        QueryOptions options = new("Names of policies; all if none", "policy") { NotOnSlurm = "its nodes are the site's matter" };
        Option<string> interval = Interval("How often to look. Default: 1m.");
        Command verb = options.Verb(
            "watch",
            "Apply the policies of conf/scale again and again.\n"
            + "Prints each change with what caused it; Ctrl-C ends it, and the environments stay as they are then.",
            interval);
        verb.SetAction((parsed, cancellationToken) =>
            RunAsync(context, options, parsed, run => run.WatchAsync(Read(parsed, interval), cancellationToken), cancellationToken));
        return verb;
    }

    /// <summary>An option with the time between two rounds.</summary>
    public static Option<string> Interval(string description)
    {
        Option<string> option = new("--interval") { HelpName = "time", Description = description };
        return option.Must(
            text => Duration.Parse(text) is { } time && time >= TimeSpan.FromSeconds(1),
            "must be a time of at least 1s, such as 90s or 5m");
    }

    /// <summary>The time between two rounds.</summary>
    public static TimeSpan Read(ParseResult parsed, Option<string> interval) =>
        parsed.GetValue(interval) is { } text && Duration.Parse(text) is { } time ? time : s_usualInterval;

    /// <summary>Opens all that a round needs, and runs it; reports instead what is wrong.</summary>
    public static Task<int> RunAsync(
        CliContext context, QueryOptions options, ParseResult parsed, Func<ScaleRun, Task<int>> run, CancellationToken cancellationToken) =>
        QuerySession.RunAsync(context, options, parsed, async session =>
        {
            if (session.IsLocal) return context.Refuse([ScaleRefusals.NeedsBatch(session)]);
            IReadOnlyList<string> folders = Configurations.Folders(context, options.FoldersOf(parsed));
            if (!ScalePolicies.Read(context, folders, options.Plain(parsed))
                .TryGet(out ScalePolicies? policies, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
            Result<IClaimStore> opened = await ClaimAccess.OpenScalingAsync(context, session.Spec, cancellationToken);
            if (!opened.TryGet(out IClaimStore? store, out problems)) return context.Refuse(problems);
            using (store)
            {
                ClaimBook claims = new(store, context.Time, ClaimAccess.Owner, ClaimBook.UsualLease);
                EnvironmentScaler scaler = new(session.Batch, claims, context.Time);
                return await run(new ScaleRun(session, policies, scaler, claims));
            }
        });
}
