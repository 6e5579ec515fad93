using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.Monitoring;

namespace Refrag.Cli.Connections;

/// <summary>From what a user types to jobs.</summary>
internal static class NamedJobs
{
    private const int LeastOfBeginning = 8;
    private const int LengthOfId = 36;

    /// <summary>The one id among the words.</summary>
    public static Result<string> One(IReadOnlyList<string> words) => words.Count == 1
        ? Result<string>.Success(words[0])
        : new Problem
        {
            Code = "RF5022",
            What = words.Count == 0 ? "No job is named" : $"{words.Count} jobs are named, and one is wanted",
            Cure = "Give the job's id, as `refrag jobs` shows it.",
        };

    /// <summary>The ids among the words, one at least.</summary>
    public static Result<IReadOnlyList<string>> Some(IReadOnlyList<string> words) =>
        words.Count > 0 ? Result<IReadOnlyList<string>>.Success(words) : Result<IReadOnlyList<string>>.Failure(One(words).Problems);

    /// <summary>Neither a job nor a filter is given to a verb that ends or repeats jobs.</summary>
    public static Problem NothingNamed(string verb) => new()
    {
        Code = "RF5022",
        What = "No job is named",
        Cure = $"Name ids, or names with * (refrag {verb} 'train-*'), or narrow with --queue, --status, --tag, --since or --mine.",
    };

    /// <summary>
    /// The job of an id or its beginning, or the newest of a name; null if there is none, which is reported, and the exit code of that.
    /// </summary>
    public static async Task<(JobDetail? Job, int Exit)> FindAsync(
        QuerySession session, string idOrName, CancellationToken cancellationToken)
    {
        if (!(await WholeAsync(session, [idOrName], cancellationToken))
            .TryGet(out IReadOnlyList<string>? whole, out IReadOnlyList<Problem> problems))
        {
            return (null, session.Context.Refuse(problems));
        }
        idOrName = whole[0];
        var lister = new JobLister(session.Batch);
        await foreach (JobDetail found in lister.DescribeAsync([idOrName], cancellationToken)) return (found, ExitCodes.Success);
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
                await foreach (JobDetail found in lister.DescribeAsync([newest.JobId], cancellationToken))
                    return (found, ExitCodes.Success);
            }
        }
        session.Terminal.Problems([NotFound(session, idOrName)]);
        return (null, ExitCodes.NothingFound);
    }

    public static Problem NotFound(QuerySession session, string id) =>
        session.IsLocal ? NotKept(id) : session.Slurm is not null ? NotOnCluster(id) : NotInRegion(session, id);

    private static Problem NotInRegion(QuerySession session, string id) => new()
    {
        Code = "RF5023",
        What = $"There is no job {id} in {session.Region}",
        Cause = "Batch forgets jobs about seven days after their end, and every region has its own",
        Cure = "Look at `refrag jobs`, or name the region: env.region=eu-west-1.",
    };

    private static Problem NotOnCluster(string id) => new()
    {
        Code = "RF5023",
        What = $"There is no job {id} on the cluster",
        Cause = "Slurm's queue does not have it, and the folder of jobs does not either",
        Cure = "Look at `refrag jobs`, or name the folder that it was submitted with: env.folder=PATH.",
    };

    private static Problem NotKept(string id) => new()
    {
        Code = "RF5023",
        What = $"There is no job {id} among the runs of env=local that are kept",
        Cause = string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"The newest {LocalRuns.RunsFolder.MostRuns} runs of the last {LocalRuns.RunsFolder.LongestKept.TotalDays:0} days are"),
        Cure = "Look at `refrag jobs env=local`, or at another environment: env=awsbatch.",
    };

    /// <summary>
    /// The words, with the ids of jobs in place of their beginnings, which a list on a terminal shows. A name that a job has stays a name.
    /// A beginning that several ids have is a problem.
    /// </summary>
    public static async Task<Result<IReadOnlyList<string>>> WholeAsync(
        QuerySession session, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        Dictionary<string, HashSet<string>> found = new(StringComparer.Ordinal);
        foreach (string word in words.Where(IsBeginning)) found[word] = new(StringComparer.Ordinal);
        if (found.Count == 0) return Result<IReadOnlyList<string>>.Success(words);
        HashSet<string> names = new(StringComparer.Ordinal);
        await foreach (ListedJob job in new JobLister(session.Batch).ListAsync(new JobFilter(), cancellationToken))
        {
            foreach ((string word, HashSet<string> ids) in found)
            {
                if (job.Summary.JobName == word) names.Add(word);
                if (job.Summary.JobId.StartsWith(Part(word).Id, StringComparison.OrdinalIgnoreCase)) ids.Add(job.Summary.JobId);
            }
        }
        foreach (string name in names) found[name].Clear();
        Problem[] problems = [.. found.Where(one => one.Value.Count > 1).Select(one => Several(one.Key, one.Value))];
        return problems.Length > 0
            ? Result<IReadOnlyList<string>>.Failure(problems)
            : Result<IReadOnlyList<string>>.Success(
                [.. words.Select(word => found.TryGetValue(word, out HashSet<string>? ids) && ids.Count == 1
                    ? ids.Single() + Part(word).Number
                    : word)]);
    }

    /// <summary>How many characters of each id tell them apart, 8 at least.</summary>
    public static int LengthToTellApart(IReadOnlyCollection<string> ids)
    {
        for (int length = LeastOfBeginning; length < LengthOfId; length++)
        {
            if (ids.Select(id => id.Length > length ? id[..length] : id).Distinct(StringComparer.Ordinal).Count() == ids.Count)
                return length;
        }
        return LengthOfId;
    }

    // The first group of a UUID and perhaps more of it; a part's number may follow.
    private static bool IsBeginning(string word)
    {
        string id = Part(word).Id;
        return id.Length is >= LeastOfBeginning and < LengthOfId
            && id.Select((letter, at) => at is 8 or 13 or 18 or 23 ? letter == '-' : char.IsAsciiHexDigit(letter)).All(fits => fits);
    }

    private static (string Id, string Number) Part(string word) =>
        word.IndexOfAny([':', '#']) is > 0 and var at ? (word[..at], word[at..]) : (word, "");

    private static Problem Several(string beginning, HashSet<string> ids) => new()
    {
        Code = "RF5060",
        What = $"{ids.Count} jobs have ids that begin with {beginning}",
        Cause = string.Join(", ", ids.Order(StringComparer.Ordinal).Take(5)),
        Cure = "Give more characters of the id.",
    };

    /// <summary>Whether the text is an id of a job, or the beginning of one as lists show it.</summary>
    public static bool MayBeId(string text) => IsId(text) || IsBeginning(text);

    /// <summary>Whether the text looks like an id: 36 characters of a UUID, with a child's or a node's number perhaps.</summary>
    public static bool IsId(string text) => text.Length >= LengthOfId && Guid.TryParse(text.AsSpan(0, LengthOfId), out _);
}
