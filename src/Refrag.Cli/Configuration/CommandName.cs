using System.Text.RegularExpressions;

namespace Refrag.Cli.Configuration;

/// <summary>The name of a command's job: that of the script it runs, or of the program.</summary>
internal static partial class CommandName
{
    private const int Longest = 128;

    /// <summary>
    /// <c>train</c> for <c>python src/train.py</c>, <c>python -m lab.train</c> and <c>./train.sh</c>; <c>command</c> where no word has a
    /// letter or digit.
    /// </summary>
    public static string Of(IReadOnlyList<string> command)
    {
        string name = Unfit().Replace(ScriptName(command) ?? Path.GetFileNameWithoutExtension(command[0]), "-").Trim('-', '_');
        return name.Length == 0 ? "command" : name[..Math.Min(name.Length, Longest)];
    }

    private static string? ScriptName(IReadOnlyList<string> command)
    {
        for (int i = 1; i < command.Count; i++)
        {
            if (Script().IsMatch(command[i])) return Path.GetFileNameWithoutExtension(command[i]);
            if (command[i - 1] == "-m" && Module().IsMatch(command[i])) return command[i].Split('.')[^1];
        }
        return null;
    }

    [GeneratedRegex(@"^[^=\s]+\.(py|sh|bash|R|r|jl|js|ts|rb|pl|lua)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Script();

    [GeneratedRegex(@"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Module();

    [GeneratedRegex("[^a-zA-Z0-9_-]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unfit();
}
