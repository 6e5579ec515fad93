using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;

namespace Refrag.Cli.Commands.Run;

/// <summary>The files that <c>refrag init</c> writes.</summary>
internal static partial class StarterFiles
{
    // Keys of refrag's own and of the language.
    private static readonly string[] s_taken = ["app", "env", "hydra", "defaults"];

    /// <summary><c>config.yaml</c>: what is composed where nothing is chosen.</summary>
    public static string Config(string app) =>
        $"""
        # What `refrag run` composes: an app and where it runs. Choose others with app=NAME and env=awsbatch.
        defaults:
          - app: {app}
          - env: local
          - _self_

        """;

    /// <summary><c>refrag.yaml</c>, beside the configuration of a program of Hydra's, which it leaves alone.</summary>
    public static string ForHydra() =>
        """
        # What `refrag run -- COMMAND` composes in this project: where the command runs, and what it gets there. The program's own
        # configuration is not part of it.
        defaults:
          - env: local # awsbatch runs on AWS Batch
          - _self_
        # env:
        #   gpus: 1

        """;

    /// <summary>The app's file. What a command gives an option becomes a key.</summary>
    public static string App(string name, IReadOnlyList<string> command)
    {
        Dictionary<string, string> keys = new(StringComparer.Ordinal);
        List<string> words = [command[0]];
        for (int i = 1; i < command.Count; i++)
        {
            if (Assigned().Match(command[i]) is { Success: true } one && TryAdd(keys, one.Groups["key"].Value, one.Groups["value"].Value))
            {
                words.Add($"{one.Groups["name"].Value}=${{{Key(one.Groups["key"].Value)}}}");
            }
            else if (i + 1 < command.Count && Named().Match(command[i]) is { Success: true } option
                && !command[i + 1].StartsWith('-') && TryAdd(keys, option.Groups["key"].Value, command[i + 1]))
            {
                words.Add(command[i++]);
                words.Add($"${{{Key(option.Groups["key"].Value)}}}");
            }
            else
            {
                words.Add(Escaped(command[i]));
            }
        }
        StringBuilder text = new($"# @package _global_\napp:\n  name: '{name}'\n  command: [{string.Join(", ", words.Select(Scalar))}]\n");
        if (keys.Count > 0) text.Append("\n# Keys of its own: refrag run app=").Append(name).Append(" KEY=VALUE\n");
        foreach ((string key, string value) in keys) text.Append(Scalar(key)).Append(": ").Append(Scalar(value)).Append('\n');
        return text.ToString();
    }

    private static bool TryAdd(Dictionary<string, string> keys, string name, string value) =>
        !s_taken.Contains(Key(name)) && keys.TryAdd(Key(name), Escaped(value));

    private static string Key(string name) => name.Replace('-', '_');

    // A dollar before a brace would be an interpolation.
    private static string Escaped(string word) => word.Replace("${", "\\${", StringComparison.Ordinal);

    // What YAML reads as another value than a text, or would write otherwise, is quoted, so that the command gets it as it was typed.
    private static string Scalar(string text) =>
        PlainText().IsMatch(text) ? text : $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";

    [GeneratedRegex(@"^(?<name>(--)?(?<key>[A-Za-z][A-Za-z0-9_-]*))=(?<value>.+)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Assigned();

    [GeneratedRegex("^--(?<key>[A-Za-z][A-Za-z0-9_-]*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"^(?!(?i:true|false|yes|no|on|off|null|y|n)$)([A-Za-z_][\w./-]*|--?[A-Za-z][\w-]*|-?(0|[1-9]\d{0,8})(\.\d*[1-9])?)$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PlainText();
}
