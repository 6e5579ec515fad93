using System.CommandLine;
using Refrag.Cli.Commands.Jobs.Waiting;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Jobs;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag wait ID…</c>: returns when jobs have ended.</summary>
internal static class WaitVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions options = new("Ids or names of jobs, or manifests of sweeps", "job");
        Option<string> timeout = new("--timeout")
        {
            HelpName = "time",
            Description = "The longest to wait, as 90m or 8h; then exit code 124. The jobs continue.",
        };
        timeout.Must(text => Duration.Parse(text) > TimeSpan.Zero, "must be a time such as 90m or 8h");
        Option<string[]> notify = Notifier.Option();
        Command verb = options.Verb(
            "wait",
            "Wait until jobs have ended, and report their end in one line.\n"
            + "The exit code is 0 if all succeeded, else that of the first job, as they are named, that failed. Ctrl-C stops waiting; the "
            + "jobs continue.",
            timeout, notify);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            IReadOnlyList<string> words = options.Plain(parsed);
            if (words.Count == 0 && !NamedJobs.One(words).TryGet(out _, out IReadOnlyList<Problem> problems))
                return context.Refuse(problems);
            Result<Notifier> read = await Notifier.ReadAsync(context, parsed.GetValue(notify), cancellationToken);
            if (!read.TryGet(out Notifier? notifier, out problems)) return context.Refuse(problems);
            (IReadOnlyList<FollowedJob> jobs, int? exit) = await new AwaitedJobs(session).FindAsync(words, cancellationToken);
            if (exit is { } refused) return refused;
            TimeSpan? longest = parsed.GetValue(timeout) is { } text ? Duration.Parse(text) : null;
            return await new JobWait(session, jobs, notifier).RunAsync(longest, cancellationToken);
        }));
        return verb;
    }
}
