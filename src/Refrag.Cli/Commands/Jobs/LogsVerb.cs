using System.CommandLine;
using System.Text.RegularExpressions;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.JobLogs;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Policies;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag logs ID</c>: what a job printed.</summary>
internal static class LogsVerb
{
    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("The job's id", "job");
        Option<bool> follow = new("--follow", "-f") { Description = "Continue until the job has ended, over all its attempts." };
        Option<int?> attempt = new("--attempt") { Description = "Only this attempt, from 1." };
        Option<int?> node = new("--node", "--index")
        {
            Description = "Only this node of a multi-node job, or this child of an array, from 0.",
        };
        Option<string> since = new("--since") { Description = "Only lines of this time: 10m, 8h, or since a date." };
        Option<string> grep = new("--grep") { Description = "Only lines that match this regular expression." };
        Option<bool> times = new("--timestamps", "-t") { Description = "Put the time of each line before it." };
        Command verb =
            options.Verb("logs", "Print a job's log; lines of array children and nodes begin with their number.", follow, attempt,
                node, since, grep, times);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            if (!NamedJobs.One(options.Plain(parsed)).TryGet(out string? id, out IReadOnlyList<Problem> problems)
                || !Since(parsed.GetValue(since), context).TryGet(out DateTimeOffset from, out problems)
                || !Pattern(parsed.GetValue(grep)).TryGet(out Regex? pattern, out problems))
            {
                return context.Refuse(problems);
            }
            (JobDetail? found, int notFound) = await NamedJobs.FindAsync(session, id, cancellationToken);
            if (found is not { } job) return notFound;
            var printer = new LogPrinter(session, pattern, parsed.GetValue(times));
            LogChoice choice = new()
            {
                Attempt = parsed.GetValue(attempt),
                Part = parsed.GetValue(node),
                Since = from == DateTimeOffset.MinValue ? null : from,
                Late = await session.LogDelayAsync(cancellationToken),
            };
            return await new Reading(session, job, choice, printer).RunAsync(parsed.GetValue(follow), cancellationToken);
        }));
        return verb;
    }

    // The beginning of time stands for no bound.
    private static Result<DateTimeOffset> Since(string? text, CliContext context) =>
        text is null ? DateTimeOffset.MinValue : Connections.Since.Read(text, context.Time);

    // What matches everything stands for no pattern, so that null need not be distinguished from failure.
    private static Result<Regex> Pattern(string? text)
    {
        try
        {
            return new Regex(text ?? "", RegexOptions.CultureInvariant, s_patience);
        }
        catch (ArgumentException fault)
        {
            return new Problem
            {
                Code = "RF5026",
                What = $"--grep {text} is not a valid regular expression",
                Cause = fault.Message,
                Cure = "Put a backslash before characters such as ( [ * + ? that are meant themselves.",
            };
        }
    }

    /// <summary>One job's log, read once or followed.</summary>
    private sealed class Reading(QuerySession session, JobDetail job, LogChoice choice, LogPrinter printer)
    {
        public async Task<int> RunAsync(bool follow, CancellationToken cancellationToken)
        {
            JobHandle handle = new(follow ? session.PatientBatch : session.Batch, session.Context.Time, job.JobId, job.JobName);
            JobLogReader reader = handle.Log(session.Logs, choice);
            JobDetail now = job;
            TimeSpan wait = s_least;
            string? said = null;
            while (true)
            {
                long before = reader.Lines;
                bool more = await reader.ReadAsync(now, printer.Print, cancellationToken);
                if (reader.Lines == 0) said = Say(reader, now, said);
                if (!follow || !more)
                {
                    NoteSuccessor(now);
                    return ExitCodes.Success;
                }
                wait = reader.Lines > before ? s_least : TimeSpan.FromTicks(Math.Min(wait.Ticks * 3 / 2, s_most.Ticks));
                await Task.Delay(wait, session.Context.Time, cancellationToken);
                now = JobStates.IsFinished(now.Status) ? now : await handle.DescribeAsync(cancellationToken) ?? now;
            }
        }

        private void NoteSuccessor(JobDetail job)
        {
            if (job.Tags?.GetValueOrDefault(JobPolicy.MovedToTag) is not { } successor) return;
            if (job.Tags.GetValueOrDefault(RegionMoves.MovedToRegionTag) is { } region)
                session.Terminal.Note($"{job.JobId} was moved to {region}; the log continues in {successor}.");
            else
                session.Terminal.Note($"{job.JobId} has lost its hosts and was moved; the log continues in {successor}.");
        }

        // The reason is said once, and again when it becomes another.
        private string Say(JobLogReader reader, JobDetail now, string? said)
        {
            if (choice.Attempt is { } attempt && (now.Attempts?.Count ?? 0) + 1 < attempt)
                return Note($"There is no attempt {attempt} yet: the job has had {now.Attempts?.Count ?? 0}.", said);
            JobDetail one = reader.Parts is [{ } only] ? only : now;
            return Note(LogAbsence.Explain(one, reader.Missing.Count > 0), said);
        }

        private string Note(string sentence, string? said)
        {
            if (sentence != said) session.Terminal.Note(sentence);
            return sentence;
        }
    }

    /// <summary>Prints lines as they are wanted.</summary>
    private sealed class LogPrinter(QuerySession session, Regex pattern, bool times)
    {
        public void Print(LogLine line)
        {
            if (!pattern.IsMatch(line.Text)) return;
            if (session.Json)
            {
                var printed = new PrintedLine
                {
                    At = line.At,
                    Part = line.Stream.Part,
                    Attempt = line.Stream.Attempt,
                    Text = line.Text,
                };
                session.Terminal.Output(JsonOutput.Line(printed, JobsJson.Default.PrintedLine));
                return;
            }
            string text = LogText.Of(line);
            string time = times && line.At is { } at
                ? TimeZoneInfo.ConvertTime(at, session.Context.Time.LocalTimeZone)
                .ToString("yyyy-MM-dd HH:mm:ss.fff zzz ", System.Globalization.CultureInfo.InvariantCulture)
                : "";
            session.Terminal.Output(time + text);
        }
    }
}
