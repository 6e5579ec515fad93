using Refrag.Cli.Context;
using Refrag.Engine;
using Refrag.Engine.Logs;
using Refrag.Runners.Attempts;

namespace Refrag.Cli.Following;

/// <summary>Prints what jobs of the engine in this process print.</summary>
internal sealed class LocalLog(CliContext context, bool toError)
{
    /// <summary>Prints a job's lines to its end.</summary>
    /// <param name="batch">The engine.</param>
    /// <param name="id">The job.</param>
    /// <param name="prefix">What stands before a line, given the id of the job or child that printed it.</param>
    public async Task PrintAsync(LocalBatch batch, string id, Func<string, string> prefix)
    {
        await foreach (LogEvent line in batch.FollowAsync(id, CancellationToken.None))
        {
            if (line.Missed > 0)
                context.Terminal.Note($"{line.Missed} lines were printed faster than they could be shown, and are left out here.");
            if (UsageLine.WithoutUsage(line.Message) is not { } own) continue;
            string text = prefix(line.JobId) + own;
            if (toError || line.Source == OutputSource.Error) context.Terminal.Error(text);
            else context.Terminal.Output(text);
        }
    }

    /// <summary>What stands before the line of an array's child or of a node: its number, as in <c>[3] </c>.</summary>
    public static string MarkOf(string jobId) => jobId.LastIndexOfAny([':', '#']) is > 0 and var at ? $"[{jobId[(at + 1)..]}] " : "";
}
