using Refrag.Aws.Batch;
using Refrag.Monitoring;

namespace Refrag.Cli.Connections;

/// <summary>From what a user types to jobs.</summary>
internal static class NamedJobs
{
    /// <summary>The one id among the words.</summary>
    public static Result<string> One(IReadOnlyList<string> words) => words.Count == 1
        ? Result<string>.Success(words[0])
        : new Problem
        {
            Code = "RF5022",
            What = words.Count == 0 ? "No job is named" : $"{words.Count} jobs are named, and one is wanted",
            Cure = "Give the job's id, as `refrag jobs` shows it.",
        };

    /// <summary>Neither a job nor a filter is given to a verb that ends or repeats jobs.</summary>
    public static Problem NothingNamed(string verb) => new()
    {
        Code = "RF5022",
        What = "No job is named",
        Cure = $"Name ids, or names with * (refrag {verb} 'train-*'), or narrow with --queue, --status, --tag, --since or --mine.",
    };

    /// <summary>The job of an id, or the newest of a name; null, and reported, if there is none.</summary>
    public static async Task<JobDetail?> FindAsync(QuerySession session, string idOrName, CancellationToken cancellationToken)
    {
        var lister = new JobLister(session.Batch);
        await foreach (JobDetail found in lister.DescribeAsync([idOrName], cancellationToken)) return found;
        if (!IsId(idOrName))
        {
            JobSummary? newest = null;
            await foreach (ListedJob job in lister.ListAsync(new JobFilter { Name = idOrName }, cancellationToken))
            {
                if (newest is null || job.Summary.CreatedAt > newest.CreatedAt) newest = job.Summary;
            }
            if (newest is not null)
            {
                session.Terminal.Note($"{idOrName}: the newest job of this name is {newest.JobId}.");
                await foreach (JobDetail found in lister.DescribeAsync([newest.JobId], cancellationToken)) return found;
            }
        }
        session.Terminal.Problems([NotFound(session, idOrName)]);
        return null;
    }

    public static Problem NotFound(QuerySession session, string id) => session.IsLocal ? NotKept(id) : new()
    {
        Code = "RF5023",
        What = $"There is no job {id} in {session.Region}",
        Cause = "Batch forgets jobs about seven days after their end, and every region has its own",
        Cure = "Look at `refrag jobs`, or name the region: env.region=eu-west-1.",
    };

    private static Problem NotKept(string id) => new()
    {
        Code = "RF5023",
        What = $"There is no job {id} among the runs of env=local that are kept",
        Cause = string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"The newest {LocalRuns.RunsFolder.MostRuns} runs of the last {LocalRuns.RunsFolder.LongestKept.TotalDays:0} days are"),
        Cure = "Look at `refrag jobs env=local`, or at another environment: env=awsbatch.",
    };

    /// <summary>Whether the text looks like an id: 36 characters of a UUID, with a child's or a node's number perhaps.</summary>
    public static bool IsId(string text) => text.Length >= 36 && Guid.TryParse(text.AsSpan(0, 36), out _);
}
