using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Jobs.Waiting;

/// <summary>From what a user types to the jobs that <c>refrag wait</c> waits for.</summary>
internal sealed class AwaitedJobs(QuerySession session)
{
    private const string ManifestEnding = ".jsonl";

    private readonly Dictionary<string, FollowedJob> _jobs = new(StringComparer.Ordinal);

    /// <summary>
    /// The jobs, each once, in the order of the words; or the exit code of what was reported instead. A job that is perhaps not visible yet
    /// has its id for a name.
    /// </summary>
    public async Task<(IReadOnlyList<FollowedJob> Jobs, int? Exit)> FindAsync(
        IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        foreach (string word in words)
        {
            // No name of a job has a dot.
            int? exit = word.EndsWith(ManifestEnding, StringComparison.Ordinal)
                ? await AddSweepAsync(word, cancellationToken)
                : await AddJobAsync(word, cancellationToken);
            if (exit is not null) return ([], exit);
        }
        return ([.. _jobs.Values], null);
    }

    private async Task<int?> AddJobAsync(string word, CancellationToken cancellationToken)
    {
        // What was submitted a moment ago may not be visible on AWS yet.
        if (session.IsAws && NamedJobs.IsId(word))
        {
            Add(new FollowedJob(word, word, Last: null));
            return null;
        }
        (JobDetail? found, int notFound) = await NamedJobs.FindAsync(session, word, cancellationToken);
        if (found is not { } job) return notFound;
        Add(new FollowedJob(job.JobId, job.JobName, Last: null));
        return null;
    }

    private async Task<int?> AddSweepAsync(string path, CancellationToken cancellationToken)
    {
        CliContext context = session.Context;
        string full = Path.GetFullPath(path, context.WorkingDirectory);
        if (!(await SweepManifestLog.ReadAsync(full, cancellationToken))
            .TryGet(out SweepRecord? sweep, out IReadOnlyList<Problem> problems))
        {
            return context.Refuse(problems);
        }
        IReadOnlyDictionary<int, SweepSubmission> submissions = sweep.LastSubmissions();
        if (submissions.Count == 0)
        {
            context.Refuse([NotSubmitted(path)]);
            return ExitCodes.NothingFound;
        }
        foreach (IGrouping<SweepSubmission, int> one in submissions.GroupBy(last => last.Value, last => last.Key))
        {
            if (one.Key.JobId is not { } id)
            {
                context.Refuse([NotKnown(path, one.Key)]);
                return ExitCodes.Unknown;
            }
            Add(new FollowedJob(id, id, Last: null, one.Key.Jobs.Count > 1 ? Children(one.Key, [.. one]) : null));
        }
        return null;
    }

    // Those that no later submission repeats.
    private static HashSet<int> Children(SweepSubmission submission, HashSet<int> jobs) =>
        [.. submission.Jobs.Indices().Index().Where(child => jobs.Contains(child.Item)).Select(child => child.Index)];

    private void Add(FollowedJob job) => _jobs.TryAdd(job.Id, job);

    private static Problem NotSubmitted(string path) => new()
    {
        Code = "RF8075",
        What = $"No job of the sweep {path} has been submitted",
        Cure = $"Submit them: refrag run --resume {ShellWord.Quote(path)}.",
        Place = new ArgumentPlace(path, 1, path.Length),
    };

    private static Problem NotKnown(string path, SweepSubmission submission) => new()
    {
        Code = "RF8076",
        What = $"It is not known whether jobs {submission.Jobs} of the sweep {path} were submitted",
        Cause = $"Submission {submission.Id} has no job yet: another refrag is sending it, or ended before the answer",
        Cure = $"Look for them first: refrag run --resume {ShellWord.Quote(path)}.",
        Place = new ArgumentPlace(path, 1, path.Length),
    };
}
