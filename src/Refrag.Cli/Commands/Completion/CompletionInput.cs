using System.CommandLine;

namespace Refrag.Cli.Commands.Completion;

/// <summary>The words behind a verb and before the cursor, as far as completion needs to understand them.</summary>
internal sealed record CompletionInput
{
    /// <summary>What is no option: overrides, a key, a group.</summary>
    public required IReadOnlyList<string> Plain { get; init; }

    public IReadOnlyList<string> Folders { get; init; } = [];

    public string ConfigName { get; init; } = "config";

    public bool IsMultirun { get; init; }

    /// <summary>The option whose value comes next; null if none is open.</summary>
    public Option? Open { get; init; }

    /// <summary>Unknown options are taken to stand alone: half a command line is never wrong.</summary>
    public static CompletionInput Read(Command verb, IReadOnlyList<string> words)
    {
        List<string> plain = [];
        List<string> folders = [];
        (string configName, bool multirun, Option? open) = ("config", false, null);
        foreach (string word in words)
        {
            if (open is not null)
            {
                Take(open.Name, word);
                open = null;
            }
            else if (!word.StartsWith('-'))
            {
                plain.Add(word);
            }
            else if (word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                Take(word[..equals], word[(equals + 1)..]);
            }
            else
            {
                multirun |= word is "-m" or "--multirun";
                open = verb.Options.FirstOrDefault(
                    o => (o.Name == word || o.Aliases.Contains(word)) && o.ValueType != typeof(bool) && o.Arity.MaximumNumberOfValues > 0);
            }
        }
        return new CompletionInput { Plain = plain, Folders = folders, ConfigName = configName, IsMultirun = multirun, Open = open };

        void Take(string option, string value)
        {
            if (option == "--config-dir") folders.Add(value);
            else if (option == "--config-name") configName = value;
        }
    }
}
