using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.JobLogs;
using Refrag.Launching;

namespace Refrag.Cli.Running;

/// <summary>The log of a job that is followed, from CloudWatch Logs: each line once, those of several parts in the order of their times.</summary>
internal sealed class RemoteLog(ILogsTransport logs, JobHandle handle, CliContext context, bool toError)
{
    private static readonly TimeSpan s_lateLines = TimeSpan.FromSeconds(1);

    private readonly JobLogReader _reader = handle.Log(logs, new LogChoice());
    private bool _saidUnreadable;

    /// <summary>Prints what is new. After the job's end it waits a little for what comes late.</summary>
    public async Task ReadAsync(JobDetail job, CancellationToken cancellationToken)
    {
        try
        {
            while (!_saidUnreadable)
            {
                bool more = await _reader.ReadAsync(job, Print, cancellationToken);
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

    private void Print(LogLine line)
    {
        string text = LogText.Of(line);
        if (toError) context.Terminal.Error(text);
        else context.Terminal.Output(text);
    }
}

/// <summary>A line of a log as it is printed: that of an array child or a node with its number before it.</summary>
internal static class LogText
{
    public static string Of(LogLine line) => line.Stream.Part is { } part ? $"[{part}] {line.Text}" : line.Text;
}
