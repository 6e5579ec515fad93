using System.CommandLine;
using System.Globalization;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Following;
using Refrag.History;

namespace Refrag.Cli.Commands.History;

/// <summary><c>refrag history watch</c>: records jobs, queues and fleets while they are there.</summary>
internal static class HistoryWatchVerb
{
    // Two a second: a tenth of what Batch allows an account for most of these. (Batch, Service quotas, API throttling)
    private const int UsualPerMinute = 120;

    public static Command Create(CliContext context)
    {
        QueryOptions options = new() { NotOnSlurm = "its queues and jobs are not recorded" };
        Option<int> every = new("--every")
        {
            HelpName = "seconds",
            Description = "Look this often. A job that runs shorter may be missed on AWS.",
            DefaultValueFactory = _ => 30,
        };
        every.Must(seconds => seconds is >= 5 and <= 3600, "must be from 5 to 3600 seconds");
        Option<int> requests = new("--requests")
        {
            HelpName = "number",
            Description = "Send this many requests a minute at most, on average; it looks less often then.",
            DefaultValueFactory = _ => UsualPerMinute,
        };
        requests.Must(number => number is >= 1 and <= 6000, "must be from 1 to 6000");
        Option<bool> once = new("--once") { Description = "Look once and end, as a timer such as cron needs it." };
        Command verb =
            options.Verb("watch",
                "Record jobs, queues, fleets and prices in the history on this machine.\n"
                + "Until Ctrl-C. It asks ECS and EC2 for the instance of each new attempt, for `refrag cost report`, and for the instances "
                + "of each compute environment. It needs ecs:ListContainerInstances, ecs:DescribeContainerInstances, "
                + "ec2:DescribeInstances and ec2:DescribeSpotPriceHistory. On a server of `refrag serve` it reads the events too.",
                every, requests, once);
        verb.SetAction((parsed, cancellationToken) => QuerySession.RunAsync(context, options, parsed, session =>
            session.Connection is { } connection
                ? HistoryWatch.RunAsync(
                    session, connection,
                    new WatchPace(
                        parsed.GetValue(once) ? null : TimeSpan.FromSeconds(parsed.GetValue(every)), parsed.GetValue(requests)),
                    watched => Say(session, watched), cancellationToken)
                : Task.FromResult(context.Refuse([HistoryProblems.NothingToWatch]))));
        return verb;
    }

    private static void Say(QuerySession session, WatchedHistory watched)
    {
        if (session.Json)
            session.Terminal.Output(JsonOutput.Line(WatchedLine.Of(session.Now, watched), HistoryJson.Default.WatchedLine));
        else
        {
            session.Terminal.Output(string.Create(CultureInfo.InvariantCulture,
                $"{watched.Jobs.Jobs} jobs seen, {watched.Jobs.Measured} measured."));
        }
    }
}

/// <summary>A line of <c>refrag history watch --json</c>: what was recorded since it began; one each time that this changes.</summary>
internal sealed record WatchedLine
{
    /// <summary>The time.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many jobs it has seen run or end.</summary>
    public required int Jobs { get; init; }

    /// <summary>How many of them ran on an instance that it knows.</summary>
    public required int Measured { get; init; }

    /// <summary>How many requests it has sent.</summary>
    public required long Requests { get; init; }

    public static WatchedLine Of(DateTimeOffset at, WatchedHistory watched) =>
        new() { At = at, Jobs = watched.Jobs.Jobs, Measured = watched.Jobs.Measured, Requests = watched.Requests };
}
