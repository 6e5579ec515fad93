using System.CommandLine;
using Refrag.Claims;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Jobs;
using Refrag.Reactions;

namespace Refrag.Cli.Commands.React;

/// <summary><c>refrag react</c>: applies the policies of jobs that no command watches.</summary>
internal static class ReactVerb
{
    // In the second half of a claim nothing is begun, and a job may stay hidden from a search for half a minute.
    private static readonly TimeSpan s_leastLease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_mostLease = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_usualInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_usualSince = TimeSpan.FromDays(1);

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("Names of queues", "queue") { NotOnSlurm = "it moves jobs between queues of AWS" };
        Option<bool> status = new("--status") { Description = "Print the claims that the store knows, and end." };
        Option<bool> once = new("--once") { Description = "Look once, and again while a claim is open; then end." };
        Option<string> interval = Time("--interval", "How often to look. Default: 15s.", time => time >= TimeSpan.FromSeconds(1));
        Option<string> since = Time("--since", "Leave alone what ended longer ago. Default: 1d.", time => time > TimeSpan.Zero);
        Option<string> lease = Time(
            "--lease", "How long other hosts leave a claim alone, 1m to 1h. Default: 5m.",
            time => time >= s_leastLease && time <= s_mostLease);
        Command verb = options.Verb(
            "react",
            "Follow queues, and move jobs that lost their hosts or wait too long.\n"
            + "Jobs carry their policy in their tags. Several hosts may react at once: each move is claimed first, in the store that "
            + "env.claims names. Without queues it follows those of the environment; Ctrl-C ends it.",
            status, once, interval, since, lease);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            if (session.IsLocal) return context.Refuse([NeedsBatch(session)]);
            Result<IClaimStore> opened = await ClaimAccess.OpenAsync(context, session.Spec, cancellationToken);
            if (!opened.TryGet(out IClaimStore? store, out IReadOnlyList<Problem> problems)) return context.Refuse(problems);
            using (store)
            {
                ClaimBook claims = new(store, context.Time, ClaimAccess.Owner, Read(parsed, lease) ?? ClaimBook.UsualLease);
                if (parsed.GetValue(status)) return await ClaimList.PrintAsync(session, claims, cancellationToken);
                ReactRun run = new(session, claims, Queues(session, options.Plain(parsed)))
                {
                    Interval = parsed.GetValue(once) ? null : Read(parsed, interval) ?? s_usualInterval,
                    Since = Read(parsed, since) ?? s_usualSince,
                };
                return await run.RunAsync(cancellationToken);
            }
        }));
        return verb;
    }

    private static IReadOnlyList<string> Queues(QuerySession session, IReadOnlyList<string> named) =>
        named.Count > 0 ? [.. named.Distinct(StringComparer.Ordinal)] : FollowedQueues.Of(session.Spec);

    private static Option<string> Time(string name, string description, Func<TimeSpan, bool> isRight)
    {
        Option<string> option = new(name) { HelpName = "time", Description = description };
        option.Must(text => Duration.Parse(text) is { } time && isRight(time), "must be a time in its range, such as 90s or 5m");
        return option;
    }

    private static TimeSpan? Read(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option) is { } text ? Duration.Parse(text) : null;

    private static Problem NeedsBatch(QuerySession session) => new()
    {
        Code = "RF8143",
        What = "refrag react follows AWS Batch, and env=local is this machine",
        Cause = "Jobs of this machine have no Spot hosts",
        Cure = "Choose where to look: env=awsbatch, or REFRAG_ENV=awsbatch.",
        Place = session.Spec.Places.Of("env.kind"),
    };
}
