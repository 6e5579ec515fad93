using System.CommandLine;
using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.CodeArchives;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;
using Refrag.Results;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag pull ID…</c>: brings the files that jobs have stored.</summary>
internal static class PullVerb
{
    private const string DefaultFolder = "results";

    private static readonly TimeSpan s_watchPace = TimeSpan.FromSeconds(10);

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("Ids of jobs", "job") { NotOnSlurm = "jobs write to a folder that you share with the nodes" };
        Option<string?> to = new("--to") { Description = "The folder for the files; by default results/ID." };
        Option<int?> attempt = new("--attempt") { Description = "What there was after this attempt, from 1." };
        Option<bool> watch = new("--watch", "-w") { Description = "Bring what is stored later too, until the jobs have ended." };
        attempt.Must(n => n >= 1, "must be a whole number from 1");
        Command verb = options.Verb("pull", "Bring the files that jobs have stored: those that are not here yet.", to, attempt, watch);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            if (!NamedJobs.Some(options.Plain(parsed)).TryGet(out IReadOnlyList<string>? words, out IReadOnlyList<Problem> problems))
                return context.Refuse(problems);
            List<JobDetail> jobs = [];
            foreach (string word in words)
            {
                (JobDetail? found, int notFound) = await NamedJobs.FindAsync(session, word, cancellationToken);
                if (found is not { } job) return notFound;
                jobs.Add(job);
            }
            bool isWatched = parsed.GetValue(watch);
            Pull pull = new(session, parsed.GetValue(to), parsed.GetValue(attempt), jobs.Count > 1, isWatched);
            return await (isWatched ? pull.WatchAsync(jobs, cancellationToken) : pull.BringAsync(jobs, cancellationToken));
        }));
        return verb;
    }

    /// <summary>The files of some jobs, and where they go.</summary>
    private sealed class Pull(QuerySession session, string? to, int? attempt, bool areSeveral, bool isWatched)
    {
        // Each message of a store once: the same would come with every round.
        private readonly HashSet<(string JobId, string Message)> _reported = [];

        public async Task<int> WatchAsync(List<JobDetail> named, CancellationToken cancellationToken)
        {
            JobDetail[] jobs = await WithStoreAsync(named, cancellationToken);
            int rest = jobs.Length < named.Count ? ExitCodes.NothingFound : ExitCodes.Success;
            if (jobs.Length == 0) return rest;
            TimeProvider time = session.Context.Time;
            OutageTolerance stores = new(time, session.Terminal.NoAnswer);
            HashSet<string> lost = new(StringComparer.Ordinal);
            while (true)
            {
                int exit = ExitCodes.Success;
                bool isBrought = await stores.TryAsync(async () => exit = await BringAsync(jobs, cancellationToken));
                // As they were before: what a job stored at its end has been brought.
                if (isBrought && jobs.All(job => JobStates.IsFinished(job.Status) || lost.Contains(job.JobId)))
                {
                    foreach (string id in lost) session.Terminal.Problems([NamedJobs.NotFound(session, id)]);
                    return exit != ExitCodes.Success ? exit : lost.Count > 0 ? ExitCodes.Unknown : rest;
                }
                await Task.Delay(s_watchPace, time, cancellationToken);
                string[] open = [.. jobs.Where(job => !JobStates.IsFinished(job.Status)).Select(job => job.JobId)];
                Dictionary<string, JobDetail> now = await DescribeAsync(open, cancellationToken);
                lost = [.. open.Where(id => !now.ContainsKey(id))];
                // Of a job that Batch does not know any more, what was last known says where its files are.
                jobs = [.. jobs.Select(job => now.GetValueOrDefault(job.JobId, job))];
            }
        }

        // The jobs whose variables name a store; the others are reported.
        private async Task<JobDetail[]> WithStoreAsync(IReadOnlyList<JobDetail> jobs, CancellationToken cancellationToken)
        {
            List<JobDetail> some = [];
            foreach (JobDetail job in jobs)
            {
                if ((await StoredResults.OfAsync(session, job, session.Batch, cancellationToken))
                    .TryGet(out StoredResults? results, out IReadOnlyList<Problem> problems))
                {
                    results.Dispose();
                    some.Add(job);
                }
                else session.Terminal.Problems(problems);
            }
            return [.. some];
        }

        private async Task<Dictionary<string, JobDetail>> DescribeAsync(string[] ids, CancellationToken cancellationToken)
        {
            Dictionary<string, JobDetail> now = new(StringComparer.Ordinal);
            await foreach (JobDetail job in new JobLister(session.PatientBatch).DescribeAsync(ids, cancellationToken)) now[job.JobId] = job;
            return now;
        }

        public async Task<int> BringAsync(IReadOnlyList<JobDetail> jobs, CancellationToken cancellationToken)
        {
            int exit = ExitCodes.Success;
            foreach (JobDetail job in jobs)
            {
                int one = await BringAsync(job, cancellationToken);
                if (exit == ExitCodes.Success) exit = one;
            }
            return exit;
        }

        private async Task<int> BringAsync(JobDetail job, CancellationToken cancellationToken)
        {
            if (!(await StoredResults.OfAsync(session, job, session.Batch, cancellationToken))
                .TryGet(out StoredResults? results, out IReadOnlyList<Problem> problems))
            {
                session.Terminal.Problems(problems);
                return ExitCodes.NothingFound;
            }
            using (results)
            {
                try
                {
                    return await BringAsync(job, results, cancellationToken);
                }
                catch (Exception fault) when (ResultStores.IsFault(fault) && fault is not AwsException)
                {
                    if (_reported.Add((job.JobId, fault.Message)))
                        session.Terminal.Problems([ResultProblems.NotBrought(job.JobId, fault.Message)]);
                    return ExitCodes.Unavailable;
                }
            }
        }

        private async Task<int> BringAsync(JobDetail job, StoredResults results, CancellationToken cancellationToken)
        {
            string folder = FolderOf(job);
            string full = Path.GetFullPath(folder, session.Context.WorkingDirectory);
            (int files, int brought, long bytes, int parts) = (0, 0, 0, 0);
            List<string> failed = [];
            await foreach (JobResults part in results.PartsAsync(attempt, cancellationToken))
            {
                bool isPartOfMany = part.Place.JobId != job.JobId;
                BroughtResults some =
                    await part.BringAsync(isPartOfMany ? Path.Combine(full, part.Place.Part!) : full, cancellationToken);
                parts++;
                failed.AddRange(some.Failed.Select(one => isPartOfMany ? $"{part.Place.Part}/{one}" : one));
                files += part.Files.Count;
                brought += some.Files.Count;
                bytes += some.Files.Sum(one => one.Bytes);
            }
            // More may come.
            if (brought == 0 && failed.Count == 0 && isWatched && !JobStates.IsFinished(job.Status)) return ExitCodes.Success;
            if (parts > 0)
            {
                Report(job, folder, files, brought, bytes);
                if (failed.Count == 0) return ExitCodes.Success;
                session.Terminal.Problems([ResultProblems.NotBrought(job.JobId, failed)]);
                return ExitCodes.Unavailable;
            }
            session.Terminal.Problems([ResultProblems.Nothing(job.JobId, hasStore: true)]);
            return ExitCodes.NothingFound;
        }

        private void Report(JobDetail job, string folder, int files, int brought, long bytes)
        {
            if (session.Json)
            {
                PulledResults pulled = new() { JobId = job.JobId, Folder = folder, Files = files, Brought = brought, BroughtBytes = bytes };
                session.Terminal.Output(JsonOutput.Line(pulled, JobsJson.Default.PulledResults));
                return;
            }
            string what = brought == 0
                ? "nothing new"
                : string.Create(CultureInfo.InvariantCulture, $"{brought:N0} brought, {CodeProblems.Size(bytes)}");
            session.Terminal.Output($"{folder}: {CodeProblems.Count(files)}, {what}");
        }

        // A child's or a node's id has a mark that some file systems do not take.
        private string FolderOf(JobDetail job)
        {
            string name = job.JobId.Replace(':', '-').Replace('#', '-');
            return to is null ? Path.Combine(DefaultFolder, name) : areSeveral ? Path.Combine(to, name) : to;
        }
    }
}

/// <summary>A line of <c>refrag pull --json</c>: what was brought of one job.</summary>
internal sealed record PulledResults
{
    /// <summary>The job's id.</summary>
    public required string JobId { get; init; }

    /// <summary>The folder with its files; of an array or of nodes with a folder for each.</summary>
    public required string Folder { get; init; }

    /// <summary>How many files the job has stored.</summary>
    public required int Files { get; init; }

    /// <summary>How many of them were brought now; the others were there.</summary>
    public required int Brought { get; init; }

    /// <summary>How many bytes were brought.</summary>
    public required long BroughtBytes { get; init; }
}
