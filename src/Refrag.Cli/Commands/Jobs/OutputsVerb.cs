using System.CommandLine;
using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.CodeArchives;
using Refrag.Results;

namespace Refrag.Cli.Commands.Jobs;

/// <summary><c>refrag outputs ID</c>: the files that a job has stored.</summary>
internal static class OutputsVerb
{
    private static readonly Column[] s_columns =
        [new("PART", Drop: 2), new("PATH", Least: 10), new("SIZE", Right: true), new("TIME", Drop: 3), new("ATTEMPT", Right: true)];

    public static Command Create(CliContext context)
    {
        QueryOptions options = new("The job's id", "job") { NotOnSlurm = "jobs write to a folder that you share with the nodes" };
        Option<int?> attempt = new("--attempt") { Description = "What there was after this attempt, from 1." };
        attempt.Must(n => n >= 1, "must be a whole number from 1");
        Command verb = options.Verb("outputs", "List the files that a job has stored in the store of env.results.", attempt);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, async session =>
        {
            if (!NamedJobs.One(options.Plain(parsed)).TryGet(out string? id, out IReadOnlyList<Problem> problems))
                return context.Refuse(problems);
            (JobDetail? found, int notFound) = await NamedJobs.FindAsync(session, id, cancellationToken);
            if (found is not { } job) return notFound;
            if (!(await StoredResults.OfAsync(session, job, session.Batch, cancellationToken))
                .TryGet(out StoredResults? results, out problems))
            {
                context.Terminal.Problems(problems);
                return ExitCodes.NothingFound;
            }
            using (results) return await ListAsync(session, job, results, parsed.GetValue(attempt), cancellationToken);
        }));
        return verb;
    }

    private static async Task<int> ListAsync(
        QuerySession session, JobDetail job, StoredResults results, int? attempt, CancellationToken cancellationToken)
    {
        bool hasParts = job.ArrayProperties?.Size is > 0 || job.NodeProperties is not null;
        Table table = new(session.Terminal, hasParts ? s_columns : s_columns[1..]);
        int parts = 0;
        try
        {
            await foreach (JobResults part in results.PartsAsync(attempt, cancellationToken))
            {
                parts++;
                foreach (ResultFile file in part.Files)
                {
                    if (session.Json)
                        session.Terminal.Output(JsonOutput.Line(StoredFileLine.Of(part, file), JobsJson.Default.StoredFileLine));
                    else table.Add(hasParts ? [part.Place.Part ?? "", .. Row(session, file)] : Row(session, file));
                }
            }
        }
        catch (Exception fault) when (ResultStores.IsFault(fault) && fault is not AwsException)
        {
            session.Terminal.Problems([ResultProblems.NotBrought(job.JobId, fault.Message)]);
            return ExitCodes.Unavailable;
        }
        if (parts > 0 && !session.Json) table.Flush();
        if (parts > 0) return ExitCodes.Success;
        session.Terminal.Problems([ResultProblems.Nothing(job.JobId, hasStore: true)]);
        return ExitCodes.NothingFound;
    }

    private static Cell[] Row(QuerySession session, ResultFile file) =>
    [
        file.Link is null ? file.Path : $"{file.Path} -> {file.Link}",
        file.Link is null ? CodeProblems.Size(file.Bytes) : "link",
        file.Link is null
            ? TimeZoneInfo.ConvertTime(file.Modified, session.Context.Time.LocalTimeZone)
                .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
            : "",
        file.Attempt.ToString(CultureInfo.InvariantCulture),
    ];
}

/// <summary>A line of <c>refrag outputs --json</c>: one file that a job has stored.</summary>
internal sealed record StoredFileLine
{
    /// <summary>The job's id; of a child or a node its own, as <c>ID:3</c> and <c>ID#1</c>.</summary>
    public required string JobId { get; init; }

    /// <summary>The file's path in the output directory, with slashes.</summary>
    public required string Path { get; init; }

    /// <summary>The attempt that stored it: an earlier one than the newest if it has not changed since.</summary>
    public required int Attempt { get; init; }

    /// <summary>The file's size in bytes; left out for a symbolic link.</summary>
    public long? Bytes { get; init; }

    /// <summary>When the file was changed last; left out for a symbolic link.</summary>
    public DateTimeOffset? Modified { get; init; }

    /// <summary>SHA-256 of the file, in hexadecimal digits; left out for a symbolic link.</summary>
    public string? Sha256 { get; init; }

    /// <summary>What a symbolic link points at; left out for a file.</summary>
    public string? Link { get; init; }

    public static StoredFileLine Of(JobResults results, ResultFile file) => new()
    {
        JobId = results.Place.JobId,
        Path = file.Path,
        Attempt = file.Attempt,
        Bytes = file.Link is null ? file.Bytes : null,
        Modified = file.Link is null ? file.Modified : null,
        Sha256 = file.Sha256,
        Link = file.Link,
    };
}
