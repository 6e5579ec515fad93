using System.Text;
using System.Text.Json;

namespace Refrag.Sweeps;

/// <summary>Takes words apart, all at the same seams.</summary>
/// <param name="isNested">Whether the parts can be taken apart in the same way once more.</param>
/// <param name="parts">The parts of one word; null if it has no seams of this kind.</param>
internal sealed class WordSplitter(bool isNested, Func<string, List<string>?> parts)
{
    /// <summary>The ways, coarse before fine: fewer and longer parts make a shorter table.</summary>
    public static IReadOnlyList<WordSplitter> All { get; } =
    [
        new(isNested: true, JsonMembers),
        // Keeps numbers whole, with sign and exponent.
        new(isNested: false, word => Runs(word, c => char.IsLetterOrDigit(c) || c is '.' or '+' or '-' ? 1 : 0)),
        new(isNested: false, word => Runs(word, c => char.IsAsciiDigit(c) || c == '.' ? 1 : char.IsLetter(c) ? 2 : 0)),
    ];

    public bool IsNested => isNested;

    /// <summary>The words' parts, part by part; null if they do not have the same number of them, and more than one.</summary>
    public string[][]? Split(IReadOnlyList<string> words)
    {
        if (parts(words[0]) is not { Count: > 1 } first) return null;
        var split = new string[first.Count][];
        for (int part = 0; part < split.Length; part++) split[part] = new string[words.Count];
        for (int word = 0; word < words.Count; word++)
        {
            if (parts(words[word]) is not { } here || here.Count != split.Length) return null;
            for (int part = 0; part < split.Length; part++) split[part][word] = here[part];
        }
        return split;
    }

    private static List<string> Runs(string word, Func<char, int> kind)
    {
        List<string> runs = [];
        int start = 0;
        for (int i = 1; i <= word.Length; i++)
        {
            if (i < word.Length && kind(word[i]) == kind(word[start])) continue;
            runs.Add(word[start..i]);
            start = i;
        }
        return runs;
    }

    // The values of an object's members, and what stands between them.
    private static List<string>? JsonMembers(string word)
    {
        if (word is not ['{', .., '}']) return null;
        byte[] text = Encoding.UTF8.GetBytes(word);
        List<string> members = [];
        int end = 0;
        try
        {
            var json = new Utf8JsonReader(text);
            json.Read();
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                json.Read();
                int start = (int)json.TokenStartIndex;
                json.Skip();
                members.Add(Encoding.UTF8.GetString(text, end, start - end));
                end = (int)json.BytesConsumed;
                members.Add(Encoding.UTF8.GetString(text, start, end - start));
            }
        }
        catch (JsonException)
        {
            return null;
        }
        members.Add(Encoding.UTF8.GetString(text, end, text.Length - end));
        return members;
    }
}
