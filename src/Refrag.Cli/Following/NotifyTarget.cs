using System.Text.RegularExpressions;

namespace Refrag.Cli.Following;

/// <summary>
/// Where a notification goes. Its name is what may be printed of it: a URL is often a secret, and so are words of a command.
/// </summary>
/// <param name="Name">What may be printed.</param>
internal abstract partial record NotifyTarget(string Name)
{
    /// <summary>A URL that is sent JSON.</summary>
    /// <param name="Url">The URL.</param>
    internal sealed record Hook(Uri Url) : NotifyTarget($"{Url.Scheme}://{Url.Authority}/…")
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A line that a shell runs.</summary>
    /// <param name="Line">The line.</param>
    internal sealed record Shell(string Line) : NotifyTarget(CommandName(Line))
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>The words of a line, as far as white space separates them.</summary>
    public static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>
    /// Whether a first word may be printed: a name without a folder, or a path that is clearly one. Anything else may be a URL that is
    /// mistyped, or a variable with its value.
    /// </summary>
    public static bool IsPrintable(string word) => Program().IsMatch(word);

    private static string CommandName(string line) =>
        Words(line) is [var word, ..] && IsPrintable(word) ? $"the command {word} …" : "the command";

    [GeneratedRegex(@"^(\.{0,2}/[A-Za-z0-9_./+-]*|[A-Za-z0-9_.+-]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Program();
}
