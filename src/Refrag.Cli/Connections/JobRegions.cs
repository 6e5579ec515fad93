using System.Text;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.History;
using Refrag.Jobs;

namespace Refrag.Cli.Connections;

/// <summary>
/// In which region each job is that was submitted from this machine: a line a job, in the user's state folder. What it does not know is
/// asked of the regions that the environment names.
/// </summary>
internal static class JobRegions
{
    // Some ten thousand jobs. The older half goes when there are more.
    private const int MostBytes = 1 << 20;

    private const int LengthOfId = 36;

    /// <summary>Keeps where a job is. What cannot be kept is not missed: regions are asked then.</summary>
    /// <param name="context">The process.</param>
    /// <param name="id">The job's id.</param>
    /// <param name="region">Its region; null if it is not known.</param>
    public static void Remember(CliContext context, string id, string? region)
    {
        if (region is null) return;
        string path = FileOf(context);
        try
        {
            PrivateFiles.CreateFolder(Path.GetDirectoryName(path)!);
            if (new FileInfo(path) is { Exists: true, Length: > MostBytes }) Shorten(path);
            // One write to the end: several processes add lines at once.
            using FileStream file = PrivateFiles.Open(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(Encoding.ASCII.GetBytes($"{id} {region}\n"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A state folder that cannot be written.
        }
    }

    /// <summary>The same, as an ARN of the job says it.</summary>
    public static void RememberArn(CliContext context, string id, string? arn) => Remember(context, id, JobPlace.Of("", arn)?.Region);

    /// <summary>The region of a job.</summary>
    /// <param name="context">The process.</param>
    /// <param name="word">Its id, with a child's or node's number perhaps, or the beginning of it.</param>
    public static string? Find(CliContext context, string word)
    {
        string id = word.IndexOfAny([':', '#']) is > 0 and var at ? word[..at] : word;
        if (!NamedJobs.MayBeId(id)) return null;
        HashSet<string> regions = new(StringComparer.Ordinal);
        foreach (string line in Lines(FileOf(context)))
        {
            if (line.StartsWith(id, StringComparison.OrdinalIgnoreCase) && line.Split(' ') is [{ Length: LengthOfId }, { } region])
                regions.Add(region);
        }
        return regions.Count == 1 ? regions.Single() : null;
    }

    /// <summary>
    /// The environment of a verb, in the region of the jobs that its words name; RF8183 if they are in several regions. Without such words,
    /// the first of the environment's regions.
    /// </summary>
    public static async Task<Result<JobSpec>> LocateAsync(
        CliContext context, JobSpec spec, IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        if (spec.Kind != EnvironmentKind.AwsBatch) return spec;
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (string word in words)
        {
            if (Find(context, word) is { } region || (region = await AskAsync(context, spec, word, cancellationToken)) is not null)
                found[word] = region;
        }
        string[] regions = [.. found.Values.Distinct(StringComparer.Ordinal)];
        if (regions.Length > 1) return Several(found);
        string? one = regions.Length == 1 ? regions[0] : spec.Connection.Region ?? spec.Regions?.Regions[0];
        return spec with { Connection = spec.Connection with { Region = one } };
    }

    private static async Task<string?> AskAsync(CliContext context, JobSpec spec, string word, CancellationToken cancellationToken)
    {
        if (spec.Regions is not { } choice || !NamedJobs.IsId(word)) return null;
        using RegionalConnections connections = new(context, spec.Connection);
        foreach (string region in choice.Regions)
        {
            try
            {
                DescribeJobsResponse answer = await connections.Batch(region).SendAsync(
                    BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [word] }, cancellationToken);
                if (answer.Jobs is not { Count: > 0 }) continue;
                Remember(context, word[..LengthOfId], region);
                return region;
            }
            catch (AwsException failure)
            {
                context.Terminal.Warnings([failure.Problem]);
            }
        }
        return null;
    }

    private static Problem Several(Dictionary<string, string> found) => new()
    {
        Code = "RF8183",
        What = "The jobs are in several regions",
        Cause = string.Join("; ", found.GroupBy(one => one.Value, one => one.Key).Select(group =>
            $"{group.Key}: {string.Join(", ", group)}")),
        Cure = "Name those of one region at a time.",
    };

    private static string FileOf(CliContext context) => Path.Combine(UserFolders.State(context.Variable), "regions", "jobs");

    private static string[] Lines(string path)
    {
        try
        {
            if (!File.Exists(path)) return [];
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using StreamReader reader = new(file, Encoding.ASCII);
            return reader.ReadToEnd().Split('\n');
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // Under another name first: whoever reads meanwhile finds all of it. A line that another process adds in between is lost.
    private static void Shorten(string path)
    {
        string[] lines = Lines(path);
        string shorter = $"{path}-{Guid.NewGuid():N}";
        PrivateFiles.WriteAllText(shorter, string.Join('\n', lines[(lines.Length / 2)..]));
        File.Move(shorter, path, overwrite: true);
    }
}
