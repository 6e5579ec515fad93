using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Dashboard.Streams;
using Refrag.Diagnosis;
using Refrag.JobLogs;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Monitoring;

namespace Refrag.Dashboard.Details;

/// <summary>Reads what the page of one job shows.</summary>
/// <param name="source">What is shown.</param>
/// <param name="time">The clock.</param>
internal sealed class JobPageReader(IDashboardSource source, TimeProvider time)
{
    // Lines of one event; the browser shows them before the next come.
    private const int LinesAtOnce = 2000;

    // Readings of a log one after another that bring no line: a minute of them.
    private const int MostFruitless = 30;

    // As refrag top and refrag logs ask; costs and forecasts, which ask several services, less often.
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_figuresPace = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_endedPace = TimeSpan.FromSeconds(30);

    /// <summary>The job; throws a <see cref="PageRefusal"/> if Batch does not know it.</summary>
    public async Task<JobDetail> FindAsync(string id, CancellationToken cancellationToken) =>
        await new JobHandle(source.Batch, time, id, "").DescribeAsync(cancellationToken)
            ?? throw new PageRefusal(StatusCodes.Status404NotFound, DashboardProblems.NotThere($"job {id}"));

    /// <summary>Sends the job whenever it has changed, until the page is gone.</summary>
    public async Task WriteAsync(string id, EventWriter events, CancellationToken cancellationToken)
    {
        JobDetail job = await FindAsync(id, cancellationToken);
        await events.BeginAsync(cancellationToken);
        string sent = "";
        JobFigures? figures = null;
        JobChain? chain = null;
        DateTimeOffset asked = DateTimeOffset.MinValue;
        string? status = null;
        PageProblem? problem = null;
        while (true)
        {
            try
            {
                if (sent.Length > 0) job = await FindAsync(id, cancellationToken);
                await SendIfChangedAsync();
                if (job.Status != status || time.GetUtcNow() - asked >= s_figuresPace)
                {
                    (status, asked) = (job.Status, time.GetUtcNow());
                    job = await AskedNodes.ReadAsync(source.Batch, job, cancellationToken);
                    (figures, chain) = (await source.FiguresAsync(job, cancellationToken),
                        await JobChain.ReadAsync(source.Batch, job, cancellationToken));
                    await SendIfChangedAsync();
                }
                if (problem is not null) await events.SendAsync("back", problem, ProblemJson.Default.PageProblem, cancellationToken);
                problem = null;
            }
            catch (PageRefusal refusal)
            {
                // Batch has forgotten it. The page keeps what it has, and asks no more.
                await events.SendAsync("gone", PageProblem.Of(refusal.Problems[0]), ProblemJson.Default.PageProblem, cancellationToken);
                return;
            }
            catch (AwsException failure)
            {
                problem = PageProblem.Of(failure.Problem);
                await events.SendAsync("problem", problem, ProblemJson.Default.PageProblem, cancellationToken);
            }
            await events.WaitAsync(
                stop => Task.Delay(JobStates.IsFinished(job.Status) ? s_endedPace : s_pace, time, stop), cancellationToken);
        }

        async Task SendIfChangedAsync()
        {
            var page = JobPage.Of(job, figures, chain);
            string now = System.Text.Json.JsonSerializer.Serialize(page, DetailJson.Default.JobPage);
            if (now == sent) return;
            await events.SendAsync("job", page, DetailJson.Default.JobPage, cancellationToken);
            sent = now;
        }
    }

    /// <summary>Sends the log as it comes, until it is complete or the page is gone.</summary>
    public async Task WriteLogAsync(string id, LogChoice choice, EventWriter events, CancellationToken cancellationToken)
    {
        JobDetail job = await FindAsync(id, cancellationToken);
        await events.BeginAsync(cancellationToken);
        var handle = new JobHandle(source.Batch, time, job.JobId, job.JobName);
        JobLogReader reader = handle.Log(source.Logs, choice with { Late = await source.LogDelayAsync(cancellationToken) });
        while (true)
        {
            bool more = true;
            try
            {
                List<LogRow> lines = [];
                more = await reader.ReadAsync(job, line => lines.Add(Row(line)), cancellationToken);
                string? absence = reader.Lines > 0 ? null
                    : LogAbsence.Explain(reader.Parts is [{ } only] ? only : job, reader.Missing.Count > 0);
                await SendAsync(lines, more, absence);
                if (!more) return;
                if (!JobStates.IsFinished(job.Status)) job = await handle.DescribeAsync(cancellationToken) ?? job;
            }
            catch (AwsException failure)
            {
                await events.SendAsync("problem", PageProblem.Of(failure.Problem), ProblemJson.Default.PageProblem, cancellationToken);
            }
            await events.WaitAsync(stop => Task.Delay(s_pace, time, stop), cancellationToken);
        }

        async Task SendAsync(List<LogRow> lines, bool more, string? absence)
        {
            for (int at = 0; at == 0 || at < lines.Count; at += LinesAtOnce)
            {
                bool isLast = at + LinesAtOnce >= lines.Count;
                var part = new LogPart
                {
                    Lines = lines.GetRange(at, Math.Min(LinesAtOnce, lines.Count - at)),
                    More = more || !isLast,
                    Absence = absence,
                };
                await events.SendAsync("lines", part, DetailJson.Default.LogPart, cancellationToken);
            }
        }
    }

    /// <summary>
    /// Writes the whole log as a file of text, line by line as it is read. What is throttled is read again; a log that cannot be read to
    /// its end breaks the answer off, so that no browser keeps a part for the whole.
    /// </summary>
    public async Task DownloadAsync(string id, LogChoice choice, HttpResponse response, CancellationToken cancellationToken)
    {
        JobDetail job = await FindAsync(id, cancellationToken);
        TimeSpan late = await source.LogDelayAsync(cancellationToken);
        // Of a job that ended long ago no line is under way.
        bool isOld = job.StoppedAt is { } stopped && time.GetUtcNow().ToUnixTimeMilliseconds() - stopped > late.TotalMilliseconds;
        JobLogReader reader = new JobHandle(source.Batch, time, job.JobId, job.JobName)
            .Log(source.Logs, choice with { Late = isOld ? TimeSpan.Zero : late });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<string> lines = Channel.CreateUnbounded<string>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
        Task reading = ReadWholeAsync(reader, job, lines.Writer, stop.Token);
        try
        {
            bool hasLines = await lines.Reader.WaitToReadAsync(cancellationToken);
            response.ContentType = "text/plain; charset=utf-8";
            // Of an id no character can end the header's value.
            string name = string.Concat(job.JobId.Where(one => char.IsAsciiLetterOrDigit(one) || one == '-'));
            response.Headers.ContentDisposition = $"attachment; filename=\"{name}.log\"";
            for (; hasLines; hasLines = await lines.Reader.WaitToReadAsync(cancellationToken))
            {
                while (lines.Reader.TryRead(out string? line)) await response.WriteAsync(line + "\n", cancellationToken);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    // Its failure is the channel's.
    private async Task ReadWholeAsync(JobLogReader reader, JobDetail job, ChannelWriter<string> lines, CancellationToken cancellationToken)
    {
        try
        {
            for (int fruitless = 0; fruitless < MostFruitless; fruitless++)
            {
                long before = reader.Lines;
                bool more = await reader.ReadAsync(job, line => lines.TryWrite(line.Text), cancellationToken);
                // What a job that runs has still to print is not waited for.
                if (!reader.IsInterrupted && !(more && JobStates.IsFinished(job.Status)))
                {
                    lines.Complete();
                    return;
                }
                if (reader.Lines > before) fruitless = 0;
                await Task.Delay(s_pace, time, cancellationToken);
            }
            lines.Complete(new IOException($"The log of {job.JobId} could not be read to its end: the service refuses for now."));
        }
        catch (Exception e) when (e is AwsException or OperationCanceledException)
        {
            lines.Complete(e);
        }
    }

    /// <summary>Why the job waits or failed; of an array, its first child that does.</summary>
    public async Task<WhyReport> WhyAsync(string id, CancellationToken cancellationToken)
    {
        JobDetail job = await FindAsync(id, cancellationToken);
        JobDetail part = await PartToExplain.FindAsync(source.Batch, job, cancellationToken);
        return WhyReport.Of(await source.WhyAsync(part, cancellationToken), part.JobId == job.JobId ? null : part.JobId);
    }

    /// <summary>The states of an array's children.</summary>
    public async Task<ChildGrid> ChildrenAsync(string id, CancellationToken cancellationToken)
    {
        JobDetail job = await FindAsync(id, cancellationToken);
        return await ChildGrid.ReadAsync(new JobLister(source.Batch), job.JobId, job.ArrayProperties?.Size ?? 0, cancellationToken);
    }

    private static LogRow Row(LogLine line) =>
        new(line.At?.ToUnixTimeMilliseconds(), line.Stream.Part, line.Stream.Attempt, line.Text);
}
