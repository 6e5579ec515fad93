using System.CommandLine;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.History;
using Refrag.Traces;

namespace Refrag.Cli.Commands.History;

/// <summary><c>refrag history export</c>: writes a part of the history as a table.</summary>
internal static class HistoryExportVerb
{
    private const string Csv = "csv";
    private const string JsonLines = "jsonl";
    private const string Trace = "trace";

    public static Command Create(CliContext context)
    {
        Argument<string> what = new("what") { Description = $"{string.Join(", ", Known)}." };
        what.CompletionSources.Add([.. Known]);
        Option<string> format = new("--format")
        {
            HelpName = "format",
            Description = "csv (RFC 4180) or jsonl (JSON lines).",
            DefaultValueFactory = static _ => Csv,
        };
        format.CompletionSources.Add(Csv, JsonLines);
        Option<string> since = new("--since") { Description = "Only what was there within this time (10m, 8h, 2d) or since a date." };
        Option<string> until = new("--until") { Description = "Only what was there before this time or date." };
        Option<string> place = HistoryVerb.Place();
        Command verb = new(
            "export",
            "Write jobs, attempts, samples or prices of the history as CSV or JSON lines.\n"
            + "Times are ISO 8601 in UTC. Jobs and attempts are those that lived in the span. A trace is what `refrag simulate --trace` "
            + "reads: of one place, the jobs that were submitted in the span and have ended.")
        {
            what,
            format,
            since,
            until,
            place,
        };
        verb.SetAction(parsed => Run(
            context, parsed.GetRequiredValue(what), parsed.GetRequiredValue(format), parsed.GetValue(place),
            HistorySpans.Read(parsed.GetValue(since), parsed.GetValue(until), context.Time)));
        return verb;
    }

    private static string[] Known => [.. ExportTable.All.Select(table => table.Name), Trace];

    private static int Run(CliContext context, string what, string format, string? named, Result<HistorySpan> asked)
    {
        List<Problem> wrong = [];
        if (!Known.Contains(what, StringComparer.Ordinal)) wrong.Add(HistoryProblems.UnknownExport("The table", what, Known));
        if (format is not (Csv or JsonLines)) wrong.Add(HistoryProblems.UnknownExport("--format", format, [Csv, JsonLines]));
        if (!asked.TryGet(out HistorySpan span, out IReadOnlyList<Problem> problems)) wrong.AddRange(problems);
        if (wrong.Count > 0) return context.Refuse(wrong);
        using HistoryStore? store = UserHistory.OpenIfThere(context);
        if (store is { IsUsable: false }) return ExitCodes.Unavailable;
        HistoryReader? reader = store is null ? null : new HistoryReader(store);
        if (what == Trace) return WriteTrace(context, reader, named, span);
        if (!HistoryPlaces.Of(reader, named).TryGet(out IReadOnlyList<JobPlace>? places, out problems))
        {
            context.Terminal.Problems(problems);
            return ExitCodes.NothingFound;
        }
        using TextWriter output = context.Terminal.OutputWriter();
        ExportTable.All.First(table => table.Name == what).Write(reader!, places, span, output, asJson: format == JsonLines);
        return store!.IsUsable ? ExitCodes.Success : ExitCodes.Unavailable;
    }

    private static int WriteTrace(CliContext context, HistoryReader? reader, string? named, HistorySpan span)
    {
        if (!HistoryPlaces.One(reader, "--place", named).TryGet(out JobPlace? place, out IReadOnlyList<Problem> problems))
        {
            context.Terminal.Problems(problems);
            return ExitCodes.NothingFound;
        }
        if (HistoryTrace.Of(reader!, place, span, place.ToString()) is not { } workload)
        {
            context.Terminal.Problems([HistoryProblems.NoJobs(place)]);
            return ExitCodes.NothingFound;
        }
        foreach (string note in workload.Notes) context.Terminal.Note(note);
        using TextWriter output = context.Terminal.OutputWriter();
        TraceWriter.Write(workload, output);
        return ExitCodes.Success;
    }
}
