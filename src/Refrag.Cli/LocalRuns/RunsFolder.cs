using System.Globalization;
using Refrag.Cli.Context;

namespace Refrag.Cli.LocalRuns;

/// <summary>
/// Where the runs of <c>env=local</c> keep their states: one folder a run, whose name begins with the time, so that the newest is the last.
/// </summary>
internal static class RunsFolder
{
    /// <summary>The variable that names another place, or <see cref="Nowhere"/>.</summary>
    public const string Variable = "REFRAG_RUNS";

    /// <summary>What the variable says where nothing is to be kept.</summary>
    public const string Nowhere = "none";

    /// <summary>How many runs are kept.</summary>
    public const int MostRuns = 50;

    /// <summary>How long they are kept: as long as Batch remembers its jobs at least.</summary>
    public static TimeSpan LongestKept { get; } = TimeSpan.FromDays(7);

    private const string DatabaseName = "state.db";
    private const string NameFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    /// <summary>The folder of all runs; null if nothing is to be kept.</summary>
    public static string? Of(CliContext context) => context.Variable(Variable) switch
    {
        Nowhere => null,
        { Length: > 0 } named => Path.GetFullPath(named, context.WorkingDirectory),
        _ => Path.Combine(UserFolders.State(context.Variable), "runs"),
    };

    /// <summary>
    /// The folder of all runs, to read from; null if nothing is kept, or if the folder cannot be trusted, which is noted: what stands in it
    /// is shown, and run again by a retry.
    /// </summary>
    public static string? ToRead(CliContext context)
    {
        if (Of(context) is not { } runs) return null;
        if (PrivateFiles.CheckFolder(runs) is not { } untrusted) return runs;
        context.Terminal.Problems([untrusted]);
        return null;
    }

    /// <summary>
    /// Makes the folder of a new run, for its owner alone. Throws <see cref="IOException"/>, or <see cref="UnauthorizedAccessException"/>
    /// where the folder of all runs cannot be trusted too.
    /// </summary>
    public static string Create(string runs, DateTimeOffset now)
    {
        // The number of the process distinguishes two runs of one millisecond.
        string name =
            string.Create(CultureInfo.InvariantCulture,
                $"{now.UtcDateTime.ToString(NameFormat, CultureInfo.InvariantCulture)}-{Environment.ProcessId}");
        string folder = Path.Combine(runs, name);
        if (PrivateFiles.CheckFolder(runs) is { } untrusted) throw new UnauthorizedAccessException($"{untrusted.What}. {untrusted.Cure}");
        PrivateFiles.CreateFolder(folder);
        return folder;
    }

    /// <summary>The folders of all runs that have a state or an owner, the newest first.</summary>
    public static IReadOnlyList<string> Newest(string runs) => Directory.Exists(runs)
        ? [.. Directory.EnumerateDirectories(runs).Where(HasContent).OrderByDescending(Path.GetFileName, StringComparer.Ordinal)]
        : [];

    /// <summary>Removes the runs that are too many or too old. One that lives is never removed, and what cannot be removed stays.</summary>
    public static void Prune(string runs, DateTimeOffset now, Func<string, bool> isAlive)
    {
        if (!Directory.Exists(runs)) return;
        string oldest = (now - LongestKept).UtcDateTime.ToString(NameFormat, CultureInfo.InvariantCulture);
        // REFRAG_RUNS may name a folder in which there are other things: only what is named as a run is named is ours to remove.
        string[] all = [.. Directory.EnumerateDirectories(runs).Where(IsRun).OrderByDescending(Path.GetFileName, StringComparer.Ordinal)];
        foreach (string old
            in all.Where((folder, index) => index >= MostRuns || string.CompareOrdinal(Path.GetFileName(folder), oldest) < 0))
        {
            if (isAlive(old)) continue;
            try
            {
                Directory.Delete(old, recursive: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Another refrag removes it as well, or a reader has it open on a file system that minds.
            }
        }
    }

    private static bool IsRun(string folder) =>
        Path.GetFileName(folder).Split('-') is [{ } time, { } process]
        && DateTime.TryParseExact(time, NameFormat, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out _)
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <summary>Whether a run has written anything yet.</summary>
    public static bool HasState(string folder) => File.Exists(Path.Combine(folder, DatabaseName));

    private static bool HasContent(string folder) => HasState(folder) || RunSocket.Exists(folder);
}
