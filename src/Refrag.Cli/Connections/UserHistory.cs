using System.Globalization;
using Refrag.Cli.Context;
using Refrag.History;

namespace Refrag.Cli.Connections;

/// <summary>The history of jobs in the user's state folder.</summary>
internal static class UserHistory
{
    private const string DaysVariable = "REFRAG_HISTORY_DAYS";
    private const string SampleDaysVariable = "REFRAG_HISTORY_SAMPLE_DAYS";
    private const string JobsVariable = "REFRAG_HISTORY_JOBS";
    private const string MegabytesVariable = "REFRAG_HISTORY_MB";
    private const long Most = 1_000_000_000;
    private const long BytesOfMegabyte = 1L << 20;

    private static readonly long s_mostDays = (long)TimeSpan.MaxValue.TotalDays;

    public static string FileOf(CliContext context) => Path.Combine(UserFolders.State(context.Variable), "history", "history.db");

    /// <summary>Opens it; what is wrong with it is one warning.</summary>
    public static HistoryStore Open(CliContext context) => Open(context, problem => context.Terminal.Warnings([problem]));

    /// <summary>Opens it; the caller reports what is wrong with it.</summary>
    public static HistoryStore Open(CliContext context, Action<Problem> report) =>
        HistoryStore.Open(FileOf(context), context.Time, report, Limits(context.Variable, report));

    /// <summary>
    /// Opens it for a command that records by the way, and waits for no other process for longer than a second. What is wrong with it is
    /// left to those that record by trade.
    /// </summary>
    public static HistoryStore OpenByTheWay(CliContext context) => HistoryStore.Open(
        FileOf(context), context.Time, static _ => { }, Limits(context.Variable, static _ => { }), TimeSpan.FromSeconds(1));

    /// <summary>Opens it for a command whose subject it is; null if there is none. What is wrong with it is one warning.</summary>
    public static HistoryStore? OpenIfThere(CliContext context) => File.Exists(FileOf(context)) ? Open(context) : null;

    /// <summary>Opens it with other limits than the user's variables say.</summary>
    public static HistoryStore Open(CliContext context, Func<HistoryLimits, HistoryLimits> change)
    {
        void Report(Problem problem) => context.Terminal.Warnings([problem]);
        return HistoryStore.Open(FileOf(context), context.Time, Report, change(Limits(context.Variable, Report)));
    }

    /// <summary>
    /// Opens it for a command that shows costs beside other things; null if there is none. What is wrong with it is left to those that
    /// record: costs are then assumed, and printed as that.
    /// </summary>
    public static HistoryStore? OpenToRead(CliContext context) =>
        File.Exists(FileOf(context)) ? HistoryStore.Open(FileOf(context), context.Time, static _ => { }) : null;

    /// <summary>What the user says of how long and how much it keeps. Where that is not a number, nothing is removed.</summary>
    internal static HistoryLimits Limits(Func<string, string?> variable, Action<Problem> report)
    {
        bool isGood = true;
        HistoryLimits usual = new();
        HistoryLimits limits = new()
        {
            Age = Number(DaysVariable) is { } days ? TimeSpan.FromDays(Math.Min(days, s_mostDays)) : usual.Age,
            SampleAge = Number(SampleDaysVariable) is { } sampleDays
                ? TimeSpan.FromDays(Math.Min(sampleDays, s_mostDays))
                : usual.SampleAge,
            Jobs = Number(JobsVariable) ?? usual.Jobs,
            Bytes = Number(MegabytesVariable) is { } megabytes ? megabytes * BytesOfMegabyte : usual.Bytes,
        };
        return isGood ? limits : HistoryLimits.None;

        long? Number(string name)
        {
            if (variable(name) is not { Length: > 0 } text) return null;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number is >= 1 and <= Most)
                return number;
            report(HistoryProblems.BadLimit(name, text));
            isGood = false;
            return null;
        }
    }
}
