namespace Refrag.Composition.Completion;

/// <summary>A command line cut into what is before the cursor's word, and the word.</summary>
/// <param name="Before">The overrides before the word.</param>
/// <param name="Word">The word; empty where a new one begins.</param>
/// <param name="IsMultirun">Whether <c>-m</c> or <c>--multirun</c> is there.</param>
/// <param name="ConfigName">What <c>-cn</c> or <c>--config-name</c> gives; null if it is not there.</param>
internal sealed record CompletionLine(IReadOnlyList<string> Before, string Word, bool IsMultirun, string? ConfigName)
{
    private static readonly string[] WithValue = ["-c", "--cfg", "-p", "--package", "-cp", "--config-path", "-cd", "--config-dir", "-cn",
        "--config-name", "-i", "--info"];

    public static CompletionLine Parse(string line)
    {
        string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        List<string> overrides = [];
        (bool multirun, string? configName) = (false, null);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (!word.StartsWith('-'))
            {
                overrides.Add(word);
                continue;
            }
            multirun |= word is "-m" or "--multirun";
            if (word.StartsWith("--config-name=", StringComparison.Ordinal)) configName = word["--config-name=".Length..];
            if (!WithValue.Contains(word) || i + 1 >= words.Length) continue;
            i++;
            if (word is "-cn" or "--config-name") configName = words[i];
        }
        bool isNew = line.Length == 0 || line[^1] == ' ' || overrides.Count == 0;
        return isNew
            ? new CompletionLine(overrides, "", multirun, configName)
            : new CompletionLine(overrides[..^1], overrides[^1], multirun, configName);
    }
}
