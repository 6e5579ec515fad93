using System.CommandLine;
using Refrag.Aws;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Completion;

/// <summary>Ids and names of jobs. A shell waits for them, so that what does not come soon is left out.</summary>
internal static class JobCompletion
{
    private const int MostJobs = 500;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>The verbs whose words are jobs.</summary>
    public static IReadOnlyList<string> Verbs { get; } = ["cancel", "job", "jobs", "logs", "outputs", "pull", "retry", "terminate", "why"];

    /// <summary>Whether a verb takes ids; one that filters takes names alone.</summary>
    public static bool TakesIds(string verb) => verb != "jobs";

    /// <summary>The ids and the names, where the words before the cursor say that jobs are; empty if that cannot be asked.</summary>
    /// <param name="context">The process.</param>
    /// <param name="before">The words.</param>
    /// <param name="withIds">Whether ids are wanted beside names.</param>
    public static async Task<IReadOnlyList<string>> ReadAsync(CliContext context, CompletionInput before, bool withIds)
    {
        QueryOptions options = new();
        ParseResult parsed = options.Verb("complete", "").Parse(
        [
            .. before.Plain, .. before.Folders.SelectMany(folder => (string[])["--config-dir", folder]),
            "--config-name", before.ConfigName,
        ]);
        if (parsed.Errors.Count > 0) return [];
        using CancellationTokenSource limit = new(s_patience, context.Time);
        List<string> found = [];
        try
        {
            await QuerySession.RunAsync(context, options, parsed, async session =>
            {
                int count = 0;
                await foreach (ListedJob job in new JobLister(session.Batch).ListAsync(new JobFilter(), limit.Token))
                {
                    if (withIds) found.Add(job.Summary.JobId);
                    found.Add(job.Summary.JobName);
                    if (++count == MostJobs) break;
                }
                return ExitCodes.Success;
            });
        }
        catch (Exception fault) when (fault is AwsException or OperationCanceledException)
        {
            // What came until then is offered: the verb itself will say what is wrong.
        }
        return found;
    }
}
