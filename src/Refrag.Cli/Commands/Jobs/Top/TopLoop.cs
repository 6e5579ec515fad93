using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.Cli.Terminal;
using Refrag.JobLogs;
using Refrag.Launching;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Jobs.Top;

/// <summary>Runs the screen: reads the state of Batch, reads keys, draws, and does what keys ask for.</summary>
internal sealed class TopLoop(QuerySession session)
{
    private const int KeptLogLines = 2000;
    private static readonly TimeSpan s_pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_slowest = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_keys = TimeSpan.FromMilliseconds(40);

    private readonly ActivityReader _reader = new(session.Batch, session.Context.Time);
    private TopState _state = new() { Region = session.IsLocal ? "this machine" : session.Region };
    private (JobLogReader Reader, JobHandle Handle, JobDetail Job)? _log;
    private Measuring? _measuring;
    private bool _isDue;

    /// <summary>One screen, for an output without a keyboard.</summary>
    public async Task OnceAsync(CancellationToken cancellationToken)
    {
        _state = _state with { Activity = await SeenAsync(cancellationToken) };
        foreach (Cell[] line in TopScreen.Lines(_state, session.Context.Time.LocalTimeZone, session.Terminal.Width ?? 80, 24))
            session.Terminal.Output([.. line.Select((part, i) => i == line.Length - 1 ? part with { Text = part.Text.TrimEnd() } : part)]);
    }

    /// <summary>What a screen would show, for programs.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken) => session.Terminal.Output(
        JsonOutput.Line(TopReport.Of(await SeenAsync(cancellationToken), _state.Region), TopJson.Default.TopReport));

    /// <summary>Until q or Ctrl-C.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        session.Progress.IsSilent = true;
        // Said when the screen is left: a line in the midst of it would not be read.
        List<Problem> problems = [];
        _measuring = session.Connection is { } connection ? Measuring.Begin(session.Context, connection, problems.Add) : null;
        session.Terminal.EnterScreen();
        try
        {
            Draw();
            Task<TopState>? reading = null;
            DateTimeOffset next = session.Now;
            TimeSpan pace = s_pace;
            (JobLogReader, JobHandle, JobDetail)? asked = null;
            while (!cancellationToken.IsCancellationRequested)
            {
                // The reading continues beside the keys: a slow answer does not make the screen deaf.
                if (reading is null && session.Now >= next) (reading, asked) = (ReadAsync(_state, cancellationToken), _log);
                if (reading is { IsCompleted: true })
                {
                    TopState read = await reading;
                    pace = read.Message.StartsWith("Batch", StringComparison.Ordinal)
                        ? TimeSpan.FromTicks(Math.Min(pace.Ticks * 2, s_slowest.Ticks))
                        : s_pace;
                    _state = _state with
                    {
                        Activity = read.Activity,
                        Page = _state.Mode == TopMode.Page && _log is not null && _log == asked ? read.Page : _state.Page,
                        Message = read.Message.Length > 0 ? read.Message : _state.Message,
                    };
                    (reading, next) = (null, session.Now + pace);
                    Draw();
                }
                if (await KeysAsync(cancellationToken)) return;
                if (_isDue) (next, _isDue) = (session.Now, false);
                if (_state.Mode != TopMode.Page) _log = null;
                await Task.Delay(s_keys, session.Context.Time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is the usual way out.
        }
        finally
        {
            session.Terminal.LeaveScreen();
            if (_measuring is not null) await _measuring.DisposeAsync();
            session.Terminal.Warnings(problems);
        }
    }

    private async Task<Activity> SeenAsync(CancellationToken cancellationToken)
    {
        Activity activity = await _reader.ReadAsync(cancellationToken);
        await Sightings.KeepAsync(session, activity.Queues, activity.IsCut);
        return activity;
    }

    private async Task<bool> KeysAsync(CancellationToken cancellationToken)
    {
        while (Console.KeyAvailable)
        {
            (_state, TopRequest request) = _state.Press(Console.ReadKey(intercept: true));
            if (request == TopRequest.Quit) return true;
            await DoAsync(request, cancellationToken);
            Draw();
        }
        return false;
    }

    private async Task<TopState> ReadAsync(TopState state, CancellationToken cancellationToken)
    {
        try
        {
            if (_log is { } log) return state with { Page = await LogAsync(log, state.Page, cancellationToken) };
            Activity activity = await _reader.ReadAsync(cancellationToken);
            _measuring?.See(activity);
            return state with { Activity = activity, Message = "" };
        }
        catch (AwsException failure)
        {
            return state with { Message = $"Batch: {failure.Problem.What}" };
        }
    }

    private async Task DoAsync(TopRequest request, CancellationToken cancellationToken)
    {
        // What was done, or asked for, is to be seen at once.
        _isDue |= request is TopRequest.Refresh or TopRequest.End or TopRequest.FollowLog;
        if ((request == TopRequest.End ? _state.Asked : _state.Chosen) is not { } chosen) return;
        try
        {
            switch (request)
            {
                case TopRequest.Open when await DescribeAsync(chosen, cancellationToken) is { } described:
                    JobDetail job = await AskedNodes.ReadAsync(session.Batch, described, cancellationToken);
                    ExpectedStart? start = await ExpectedStarts.OfAsync(session, job.JobId, job.Status, cancellationToken);
                    _log = null;
                    _state = _state with
                    {
                        Mode = TopMode.Page,
                        Scroll = 0,
                        Title = "",
                        Page = [.. JobScreen.Lines(session, job, await KnownCosts.OfAsync(session, job, cancellationToken),
                            await KnownUsage.OfAsync(session, job, cancellationToken), start).Select(Cell.TextOf)],
                    };
                    break;
                case TopRequest.FollowLog when await DescribeAsync(chosen, cancellationToken) is { } followed:
                    var handle = new JobHandle(session.Batch, session.Context.Time, followed.JobId, followed.JobName);
                    _log = (handle.Log(session.Logs, new LogChoice()), handle, followed);
                    _state = _state with
                    {
                        Mode = TopMode.Page,
                        Scroll = 0,
                        Title = $"log of {followed.JobName} {followed.JobId}",
                        Page = [LogAbsence.Explain(followed, missing: false)],
                    };
                    break;
                case TopRequest.End:
                    var plan =
                        EndingPlan.For(
                            _state.Ending, [new EndingJob(chosen.Summary.JobId, chosen.Summary.JobName, chosen.Summary.Status ?? "")]);
                    IReadOnlyList<(EndingJob Job, Problem Problem)> failed =
                        await plan.CarryOutAsync(session.Batch, "refrag top", null, cancellationToken);
                    _state = _state with
                    {
                        Asked = null,
                        Message = failed.Count > 0
                            ? failed[0].Problem.What
                            : plan.Left.Count > 0
                            ? $"Left alone: {plan.Left[0].Reason}."
                            : $"{chosen.Summary.JobName}: {(_state.Ending == EndAction.Cancel ? "cancelled" : "being ended")}.",
                    };
                    break;
            }
        }
        catch (AwsException failure)
        {
            _state = _state with { Message = failure.Problem.What };
        }
    }

    private async Task<JobDetail?> DescribeAsync(ListedJob job, CancellationToken cancellationToken) =>
        await new JobHandle(session.Batch, session.Context.Time, job.Summary.JobId, job.Summary.JobName).DescribeAsync(cancellationToken);

    private static async Task<IReadOnlyList<string>> LogAsync(
        (JobLogReader Reader, JobHandle Handle, JobDetail Job) log, IReadOnlyList<string> page, CancellationToken cancellationToken)
    {
        JobDetail now = await log.Handle.DescribeAsync(cancellationToken) ?? log.Job;
        List<string> lines = log.Reader.Lines == 0 ? [] : [.. page];
        await log.Reader.ReadAsync(now, line => lines.Add(LogText.Of(line)), cancellationToken);
        if (lines.Count == 0) lines.Add(LogAbsence.Explain(now, log.Reader.Missing.Count > 0));
        return lines.Count > KeptLogLines ? lines[^KeptLogLines..] : lines;
    }

    private void Draw() => session.Terminal.Draw(TopScreen.Lines(
        _state, session.Context.Time.LocalTimeZone, session.Terminal.Width ?? 80, session.Terminal.Height));
}
