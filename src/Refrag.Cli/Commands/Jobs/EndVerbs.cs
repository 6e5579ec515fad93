using System.CommandLine;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag cancel</c>: jobs that have not started.</summary>
internal static class CancelVerb
{
    public static Command Create(CliContext context) =>
        EndVerb.Create(context, EndAction.Cancel, "cancel", "Cancel jobs that have not started, by id or by name (with * and ?).");
}

/// <summary><c>refrag terminate</c>: jobs in any state.</summary>
internal static class TerminateVerb
{
    public static Command Create(CliContext context) =>
        EndVerb.Create(context, EndAction.Terminate, "terminate",
            "End jobs in any state, by id or by name (with * and ?); they become FAILED.");
}

/// <summary>What both have in common.</summary>
internal static class EndVerb
{
    private static readonly Column[] s_columns = [new("ID"), new("NAME", Least: 10), new("STATUS"), new("NOTE", Least: 10)];

    public static Command Create(CliContext context, EndAction ending, string name, string description)
    {
        QueryOptions options = new("Ids, or names with * and ? (between quotes)", "job");
        JobFilterOptions filter = new();
        Option<string> reason = new("--reason")
        {
            Description = "Why; Batch keeps it with the job.",
            DefaultValueFactory = _ => $"refrag {name}",
        };
        Option<bool> yes = new("--yes", "-y") { Description = "Do not ask." };
        Option<bool> dryRun = new("--dry-run") { Description = "Show what would be ended, and end nothing." };
        Command verb = options.Verb(name, description, [.. filter.All, reason, yes, dryRun]);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            IReadOnlyList<string> words = options.Plain(parsed);
            if (!filter.Read(parsed, session, []).TryGet(out JobFilter? wanted, out IReadOnlyList<Problem> problems))
                return context.Refuse(problems);
            bool narrowed = wanted.Queues.Count + wanted.Statuses.Count + wanted.Tags.Count > 0 || wanted.Name is not null
                || wanted.Since is not null;
            if (words.Count == 0 && !narrowed) return context.Refuse([NamedJobs.NothingNamed(name)]);
            if (await UnknownNames.MissingQueuesAsync(session, wanted.Queues, cancellationToken) is { } missing) return missing;
            if (!(await NamedJobs.WholeAsync(session, words, cancellationToken)).TryGet(out IReadOnlyList<string>? named, out problems))
                return context.Refuse(problems);
            EndingPlan plan = EndingPlan.For(ending, await JobsAsync(session, named, wanted, cancellationToken));
            Print(session, plan);
            if (plan.Jobs.Count == 0) return ExitCodes.NothingFound;
            if (parsed.GetValue(dryRun)) return ExitCodes.Success;
            string question = $"{char.ToUpperInvariant(name[0])}{name[1..]} {plan.Jobs.Count} {(plan.Jobs.Count == 1 ? "job" : "jobs")}";
            if (await Confirmation.AskAsync(context, parsed.GetValue(yes), question, cancellationToken) is { } no)
                return context.Refuse([no]);
            return await EndAsync(session, plan, parsed.GetValue(reason)!, cancellationToken);
        }));
        return verb;
    }

    private static async Task<List<EndingJob>> JobsAsync(
        QuerySession session, IReadOnlyList<string> words, JobFilter filter, CancellationToken cancellationToken)
    {
        List<EndingJob> jobs = [];
        var lister = new JobLister(session.Batch);
        string[] ids = [.. words.Where(NamedJobs.IsId)];
        await foreach (JobDetail job in lister.DescribeAsync(ids, cancellationToken))
            jobs.Add(new EndingJob(job.JobId, job.JobName, job.Status));
        foreach (string missing in ids.Except(jobs.Select(j => j.Id), StringComparer.Ordinal))
            session.Terminal.Problems([NamedJobs.NotFound(session, missing)]);
        string[] names = [.. words.Where(w => !NamedJobs.IsId(w))];
        if (filter.Statuses.Count == 0) filter = filter with { Statuses = JobLister.Active };
        foreach (JobFilter one in names.Length > 0 ? names.Select(n => filter with { Name = n }) : words.Count == 0 ? [filter] : [])
        {
            await foreach (ListedJob job in lister.ListAsync(one, cancellationToken))
                jobs.Add(new EndingJob(job.Summary.JobId, job.Summary.JobName, job.Summary.Status ?? ""));
        }
        return jobs;
    }

    private static void Print(QuerySession session, EndingPlan plan)
    {
        if (session.Json) return;
        Table table = new(session.Terminal, s_columns);
        foreach (EndingJob job in plan.Jobs) table.Add(job.Id, job.Name, Cell.Status(job.Status), "");
        foreach ((EndingJob job, string why) in plan.Left)
            table.Add(job.Id, job.Name, Cell.Status(job.Status), new Cell($"left alone: {why}", Tone.Dim));
        if (table.Count > 0) table.Flush();
        if (plan.Jobs.Count == 0) session.Terminal.Note("Nothing to do.");
    }

    private static async Task<int> EndAsync(QuerySession session, EndingPlan plan, string reason, CancellationToken cancellationToken)
    {
        int done = 0;
        IReadOnlyList<(EndingJob Job, Problem Problem)> failed = await plan.CarryOutAsync(session.Batch, reason, new Each(job =>
        {
            done++;
            if (!session.Json) return;
            string asked = plan.Ending == EndAction.Cancel ? "cancel" : "terminate";
            var ended = new EndedJob { JobId = job.Id, JobName = job.Name, Was = job.Status, Done = asked };
            session.Terminal.Output(JsonOutput.Line(ended, JobsJson.Default.EndedJob));
        }), cancellationToken);
        // Those that were not sent after a failure say all the same.
        foreach (Problem problem in failed.Select(one => one.Problem).Distinct()) session.Terminal.Problems([problem]);
        session.Terminal.Note(plan.Ending == EndAction.Cancel
            ? $"{done} cancelled. A job that started meanwhile continues; `refrag job ID` shows it."
            : $"{done} are being ended; {(session.Slurm is null ? "a container has 30 seconds" : "the cluster's KillWait lies")} "
                + "between SIGTERM and SIGKILL.");
        return failed.Count > 0 ? ExitCodes.Unavailable : ExitCodes.Success;
    }

    // At once and in order, which Progress<T> does not promise.
    private sealed class Each(Action<EndingJob> action) : IProgress<EndingJob>
    {
        public void Report(EndingJob value) => action(value);
    }
}
