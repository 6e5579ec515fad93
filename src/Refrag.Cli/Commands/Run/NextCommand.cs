namespace Refrag.Cli.Commands.Run;

/// <summary>The commands that come after a submission, as they can be typed: each looks where the job was sent.</summary>
internal static class NextCommand
{
    private static readonly string[] s_places =
        ["env=", "launcher=", "env.region=", "env.profile=", "env.endpoint_url=", "launcher.region=", "launcher.profile=",
            "launcher.endpoint_url="];

    /// <summary>A command about a job, with the words that say where it is.</summary>
    /// <param name="options">What was typed for the run.</param>
    /// <param name="verb">The command: <c>why</c>.</param>
    /// <param name="ids">The ids of the jobs.</param>
    public static string Of(RunOptions options, string verb, params IEnumerable<string> ids)
    {
        // With a command they may be the program's.
        IEnumerable<string> folders = options.Words.Command is not null
            ? []
            : options.ConfigDirs.SelectMany(folder => (string[])["--config-dir", folder]);
        IEnumerable<string> places = options.Words.Overrides.Where(word => s_places.Any(place => IsOf(word, place)));
        return $"refrag {verb} {string.Join(' ', ids.Concat(places).Concat(folders).Select(ShellWord.Quote))}".TrimEnd();
    }

    private static bool IsOf(string word, string place) => word.TrimStart('+').StartsWith(place, StringComparison.Ordinal);
}
