using System.CommandLine;
using System.Globalization;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.History;

namespace Refrag.Cli.Commands.History;

/// <summary><c>refrag history prune</c>: removes what is old, and gives the room back to the disk.</summary>
internal static class HistoryPruneVerb
{
    private const int MostDays = 100_000;
    private const int MostMegabytes = 1_000_000;
    private const long BytesOfMegabyte = 1L << 20;

    public static Command Create(CliContext context)
    {
        Option<int?> days = Number("--days", "days", "Remove jobs that were last seen earlier than this.", MostDays);
        Option<int?> samples = Number("--sample-days", "days", "Remove samples and prices that are older than this.", MostDays);
        Option<int?> jobs = Number("--jobs", "number", "Keep this many jobs of each place.", int.MaxValue);
        Option<int?> megabytes = Number("--mb", "megabytes", "Remove what is oldest until the file is no larger.", MostMegabytes);
        Option<string> place = HistoryVerb.Place();
        Option<bool> json = new("--json") { Description = "Print JSON alone on standard output." };
        Command verb = new(
            "prune",
            "Remove what is old from the history, and make its file smaller.\n"
            + "Without options, what the limits say is removed, as commands that write do a little at a time. Days count from the newest "
            + "job or sample of each place. With --place the size is left as it is.")
        {
            days,
            samples,
            jobs,
            megabytes,
            place,
            json,
        };
        verb.SetAction((parsed, cancellationToken) => Task.FromResult(Run(
            context, parsed.GetValue(place), parsed.GetValue(json), limits => limits with
            {
                Age = parsed.GetValue(days) is { } age ? TimeSpan.FromDays(age) : limits.Age,
                SampleAge = parsed.GetValue(samples) is { } sampleAge ? TimeSpan.FromDays(sampleAge) : limits.SampleAge,
                Jobs = parsed.GetValue(jobs) ?? limits.Jobs,
                Bytes = parsed.GetValue(megabytes) is { } size ? size * BytesOfMegabyte : limits.Bytes,
            }, cancellationToken)));
        return verb;
    }

    private static Option<int?> Number(string name, string unit, string description, int most)
    {
        Option<int?> option = new(name) { HelpName = unit, Description = description };
        return option.Must(
            number => number is null || (number >= 1 && number <= most),
            string.Create(CultureInfo.InvariantCulture, $"must be from 1 to {most}"));
    }

    private static int Run(
        CliContext context, string? named, bool json, Func<HistoryLimits, HistoryLimits> change, CancellationToken cancellationToken)
    {
        context.Signals.Listen();
        using HistoryStore? store = File.Exists(UserHistory.FileOf(context)) ? UserHistory.Open(context, change) : null;
        if (store is { IsUsable: false }) return ExitCodes.Unavailable;
        HistoryReader? reader = store is null ? null : new HistoryReader(store);
        if (!HistoryPlaces.Of(reader, named).TryGet(out IReadOnlyList<JobPlace>? places, out IReadOnlyList<Problem> problems))
        {
            context.Terminal.Problems(problems);
            return ExitCodes.NothingFound;
        }
        IReadOnlyList<PlaceContents> before = reader!.Contents();
        long bytes = store!.UsedBytes;
        if (named is null) store.Prune(null, cancellationToken);
        else foreach (JobPlace one in places) store.Prune(one, cancellationToken);
        if (store.HasMissedWrites || !store.IsUsable) return ExitCodes.Unavailable;
        PrunedHistory pruned = Of(before, reader.Contents(), bytes, store.UsedBytes);
        if (json) context.Terminal.Output(JsonOutput.Indented(pruned, HistoryJson.Default.PrunedHistory));
        else
        {
            context.Terminal.Output(string.Create(CultureInfo.InvariantCulture,
                $"{pruned.Jobs} jobs, {pruned.Samples} samples and {pruned.Prices} prices removed; ")
                + string.Create(CultureInfo.InvariantCulture,
                    $"{pruned.BytesBefore / (double)BytesOfMegabyte:0.0} MB before, {pruned.Bytes / (double)BytesOfMegabyte:0.0} MB now."));
        }
        return ExitCodes.Success;
    }

    private static PrunedHistory Of(IReadOnlyList<PlaceContents> before, IReadOnlyList<PlaceContents> after, long bytes, long bytesNow)
    {
        long Fewer(Func<PlaceContents, long> count) => before.Sum(count) - after.Sum(count);
        return new PrunedHistory
        {
            Jobs = Fewer(one => one.Jobs),
            Samples = Fewer(one => one.QueueSamples + one.FleetSamples),
            Prices = Fewer(one => one.Prices),
            BytesBefore = bytes,
            Bytes = bytesNow,
        };
    }
}
