using System.CommandLine;
using System.Globalization;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Terminal;
using Refrag.History;

namespace Refrag.Cli.Commands.History;

/// <summary><c>refrag history</c>: what the history on this machine holds.</summary>
internal static class HistoryVerb
{
    private static readonly Column[] s_columns =
    [
        new("PLACE"), new("JOBS", Right: true), new("ATTEMPTS", Right: true, Drop: 3), new("SINCE", Drop: 2),
        new("SAMPLES", Right: true), new("NEWEST", Right: true), new("GAPS", Right: true, Drop: 1), new("LONGEST", Right: true, Drop: 1),
    ];

    public static Command Create(CliContext context)
    {
        Option<string> place = Place();
        Option<bool> json = new("--json") { Description = "Print JSON alone on standard output." };
        Command verb = new(
            "history",
            "Show what the history on this machine holds: places, jobs, samples, gaps, size.\n"
            + "A place is an account and region, of AWS or of another server. It is fed by `refrag history watch`, and by what `refrag run "
            + "--watch`, `top`, `queues`, `envs`, `jobs`, `job` and `cost report` read anyway.")
        {
            place,
            json,
            HistoryWatchVerb.Create(context),
            HistoryExportVerb.Create(context),
            HistoryPruneVerb.Create(context),
        };
        verb.SetAction(parsed => Run(context, parsed.GetValue(place), parsed.GetValue(json)));
        return verb;
    }

    /// <summary>The option that names places.</summary>
    public static Option<string> Place() => new("--place")
    {
        HelpName = "text",
        Description = "Only places with this in their name: eu-west-1, 123456789012, or aws.",
    };

    private static int Run(CliContext context, string? named, bool json)
    {
        using HistoryStore? store = UserHistory.OpenIfThere(context);
        if (store is { IsUsable: false }) return ExitCodes.Unavailable;
        HistoryReader? reader = store is null ? null : new HistoryReader(store);
        if (!HistoryPlaces.Of(reader, named).TryGet(out IReadOnlyList<JobPlace>? places, out IReadOnlyList<Problem> problems))
        {
            context.Terminal.Problems(problems);
            return ExitCodes.NothingFound;
        }
        PlaceContents[] contents = [.. reader!.Contents().Where(one => places.Contains(one.Place))];
        // A file that is locked now has been reported.
        if (contents.Length == 0) return ExitCodes.Unavailable;
        var all = HistoryDescription.Of(UserHistory.FileOf(context), store!, contents);
        if (json) context.Terminal.Output(JsonOutput.Indented(all, HistoryJson.Default.HistoryDescription));
        else Print(context, all);
        return ExitCodes.Success;
    }

    private static void Print(CliContext context, HistoryDescription all)
    {
        DateTimeOffset now = context.Time.GetUtcNow();
        Table table = new(context.Terminal, s_columns);
        foreach (HistoryPlace one in all.Places)
        {
            table.Add(
                one.Place, Number(one.Jobs), Number(one.Attempts), Day(one.FirstJob ?? one.FirstSample),
                Number(one.QueueSamples + one.FleetSamples),
                one.NewestSample is { } newest ? $"{RelativeTime.Length(now - newest)} ago" : "", Number(one.Gaps),
                one.Gaps == 0 ? "" : RelativeTime.Length(TimeSpan.FromSeconds(one.LongestGapSeconds)));
        }
        table.Flush();
        context.Terminal.Note(string.Create(CultureInfo.InvariantCulture,
            $"{all.File}: {all.Bytes / 1048576.0:0.0} MB in use")
            + (all.MostBytes is { } most ? string.Create(CultureInfo.InvariantCulture, $" of {most / 1048576.0:0} MB at most.") : "."));
        if (all.KeptDays is { } days)
        {
            context.Terminal.Note(string.Create(CultureInfo.InvariantCulture,
                $"Kept: jobs {days:0} days, {all.MostJobs} of a place at most; samples {all.SampleDays:0} days."));
        }
        context.Terminal.Note("A gap is a time of more than 15 minutes without a sample.");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
}
