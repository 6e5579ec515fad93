using Refrag.Cli.Context;

namespace Refrag.Cli.Configuration;

/// <summary>The command that starts what a word names.</summary>
internal static class MeantCommand
{
    /// <summary>The words that run a file or a program; null for what is neither.</summary>
    /// <param name="context">The process.</param>
    /// <param name="word">The file or the program.</param>
    public static IReadOnlyList<string>? Of(CliContext context, string word)
    {
        string file = Path.Combine(context.WorkingDirectory, word);
        if (File.Exists(file))
        {
            if (word.EndsWith(".py", StringComparison.Ordinal)) return [Python(context), word];
            if (IsExecutable(file)) return [word.Contains('/', StringComparison.Ordinal) ? word : $"./{word}"];
            if (word.EndsWith(".sh", StringComparison.Ordinal)) return ["sh", word];
        }
        return IsOnPath(context, word) ? [word] : null;
    }

    /// <summary>The interpreter of Python's scripts: <c>python3</c> where that is the only one on the path, else <c>python</c>.</summary>
    public static string Python(CliContext context) =>
        IsOnPath(context, "python") || !IsOnPath(context, "python3") ? "python" : "python3";

    private static bool IsOnPath(CliContext context, string program) => !program.Contains('/', StringComparison.Ordinal)
        && (context.Variable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => IsExecutable(Path.Combine(folder, program)));

    private static bool IsExecutable(string file) => File.Exists(file) && !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute))
            != UnixFileMode.None;
}
