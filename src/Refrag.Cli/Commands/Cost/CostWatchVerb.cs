using System.CommandLine;
using System.Globalization;
using Refrag.Aws;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.History;
using Refrag.Monitoring;

namespace Refrag.Cli.Commands.Cost;

/// <summary><c>refrag cost watch</c>: measures the jobs that run, for <c>refrag cost report</c>.</summary>
internal static class CostWatchVerb
{
    public static Command Create(CliContext context)
    {
        QueryOptions options = new();
        Option<int> every = new("--every")
        {
            HelpName = "seconds",
            Description = "Look this often. A job that runs shorter may be missed.",
            DefaultValueFactory = _ => 30,
        };
        every.Must(seconds => seconds is >= 5 and <= 3600, "must be from 5 to 3600 seconds");
        Option<bool> once = new("--once") { Description = "Look once and end, as a timer such as cron needs it." };
        Command verb =
            options.Verb("watch",
                "Measure the instances that jobs run on, for `refrag cost report`.\n"
                + "Asks ECS and EC2 for instance type, zone and market of each new attempt, once for an instance, and keeps the answers in "
                + "the history on this machine, until Ctrl-C. It needs ecs:DescribeContainerInstances, ec2:DescribeInstances and "
                + "ec2:DescribeSpotPriceHistory.", every, once);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, session =>
            session.Connection is { } connection
                ? RunAsync(session, connection, parsed.GetValue(once) ? null : TimeSpan.FromSeconds(parsed.GetValue(every)),
                    cancellationToken)
                : Task.FromResult(context.Refuse([HistoryProblems.NothingToWatch]))));
        return verb;
    }

    private static async Task<int> RunAsync(
        QuerySession session, AwsConnection connection, TimeSpan? every, CancellationToken cancellationToken)
    {
        using HistoryStore store = UserHistory.Open(session.Context);
        if (!store.IsUsable) return ExitCodes.Unavailable;
        JobRecorder recorder = new(
            session.Batch, connection.Hosts, connection.Place, store, session.Context.Time,
            problem => session.Terminal.Warnings([problem]));
        ActivityReader reader = new(session.Batch, session.Context.Time);
        Recorded? said = null;
        while (true)
        {
            Func<Activity, Task>? first =
                said is null ? activity => CloseAsync(recorder, connection.Place, activity, cancellationToken) : null;
            bool isAnswered = await LookAsync(session, reader, recorder, first, isOnly: every is null, cancellationToken);
            if (!store.IsUsable) return ExitCodes.Unavailable;
            if (isAnswered && said != recorder.Done) Say(session, said = recorder.Done);
            if (every is not { } pause) return ExitCodes.Success;
            await Task.Delay(pause, session.Context.Time, cancellationToken);
        }
    }

    // A collector outlasts an outage of Batch: what it misses stays assumed.
    private static async Task<bool> LookAsync(
        QuerySession session, ActivityReader reader, JobRecorder recorder, Func<Activity, Task>? first, bool isOnly,
        CancellationToken cancellationToken)
    {
        try
        {
            Activity activity = await reader.ReadAsync(cancellationToken);
            await recorder.SeeAsync([.. activity.Jobs.Select(job => job.Summary)], isWhole: !activity.IsCut, cancellationToken);
            if (first is not null) await first(activity);
            return true;
        }
        catch (AwsException failure) when (!isOnly)
        {
            session.Terminal.Note($"No answer, asking again: {failure.Problem.What}.");
            return false;
        }
    }

    // What an earlier watch has left open.
    private static async Task CloseAsync(JobRecorder recorder, string endpoint, Activity activity, CancellationToken cancellationToken)
    {
        foreach (JobPlace place in activity.Queues.Select(q => JobPlace.Of(endpoint, q.Queue.JobQueueArn)).OfType<JobPlace>().Distinct())
            await recorder.CloseAsync(place, cancellationToken);
    }

    private static void Say(QuerySession session, Recorded done)
    {
        if (session.Json) session.Terminal.Output(JsonOutput.Line(WatchedCost.Of(session.Now, done), CostJson.Default.WatchedCost));
        else
            session.Terminal.Output(string.Create(CultureInfo.InvariantCulture, $"{done.Jobs} jobs seen, {done.Measured} measured."));
    }
}

/// <summary>A line of <c>refrag cost watch --json</c>: what was recorded since it began; one each time that this changes.</summary>
internal sealed record WatchedCost
{
    /// <summary>The time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many jobs it has seen run or end.</summary>
    public required int Jobs { get; init; }

    /// <summary>How many of them ran on an instance that it knows.</summary>
    public required int Measured { get; init; }

    public static WatchedCost Of(DateTimeOffset at, Recorded done) => new() { At = at, Jobs = done.Jobs, Measured = done.Measured };
}
