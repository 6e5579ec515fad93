using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.JobLogs;
using Refrag.Jobs;
using Refrag.Launching;

namespace Refrag.Cli.Following;

/// <summary>
/// The log of a job that is followed, from CloudWatch Logs: each line once, those of several parts in the order of their times.
/// </summary>
/// <param name="logs">Where the log is.</param>
/// <param name="handle">The job.</param>
/// <param name="context">Where lines go.</param>
/// <param name="toError">Whether lines go to standard error.</param>
/// <param name="late">How long after an attempt's end lines of it may still come; see <see cref="LogDelay"/>.</param>
/// <param name="prefix">What stands before each line of a part, given the part's id; null for the number of the part, where there are
/// several.</param>
internal sealed class RemoteLog(
    IAwsTransport logs, JobHandle handle, CliContext context, bool toError, TimeSpan late, Func<string, string>? prefix = null)
{
    private static readonly TimeSpan s_lateLines = TimeSpan.FromSeconds(1);

    private readonly JobLogReader _reader = handle.Log(logs, new LogChoice { Late = late });
    private bool _saidUnreadable;

    /// <summary>Prints what is new. After the job's end it waits a little for what comes late.</summary>
    public async Task ReadAsync(JobDetail job, CancellationToken cancellationToken)
    {
        char mark = job.NodeProperties is null ? ':' : '#';
        try
        {
            while (!_saidUnreadable)
            {
                bool more = await _reader.ReadAsync(job, line => Print(Text(line, mark)), cancellationToken);
                if (!more || !JobStates.IsFinished(job.Status)) return;
                await Task.Delay(s_lateLines, context.Time, cancellationToken);
            }
        }
        catch (AwsException failure)
        {
            // Not allowed, mostly: what passes by itself is tried again by the reader.
            _saidUnreadable = true;
            context.Terminal.Note($"The log cannot be read, and the job is followed without it: {failure.Problem}");
        }
    }

    private string Text(LogLine line, char mark) => prefix is null
        ? LogText.Of(line)
        : prefix(line.Stream.Part is { } part ? FormattableString.Invariant($"{handle.Id}{mark}{part}") : handle.Id) + line.Text;

    private void Print(string text)
    {
        if (toError) context.Terminal.Error(text);
        else context.Terminal.Output(text);
    }
}

/// <summary>A line of a log as it is printed: that of an array child or a node with its number before it.</summary>
internal static class LogText
{
    public static string Of(LogLine line) => line.Stream.Part is { } part ? $"[{part}] {line.Text}" : line.Text;
}
