using System.Text.RegularExpressions;
using Refrag.Composition.Overrides;

namespace Refrag.Cli.Configuration;

/// <summary>
/// The choices of a sweep as they were typed, for a program that does not read them by Hydra's grammar: as the reference writes them,
/// <c>s3://a</c> is <c>s3\://a</c> and <c>1.10</c> is <c>1.1</c>.
/// </summary>
internal static partial class TypedChoices
{
    /// <summary>
    /// The sweep over the places of its choices, from 0, and the choices, without outer quotes and with escapes undone. The same sweep and
    /// null for one that names no choices, such as <c>range(0,3)</c>, and for one that is refused.
    /// </summary>
    /// <param name="sweep">The sweep.</param>
    /// <param name="text">The sweep as it was typed.</param>
    public static (SweepValue Places, IReadOnlyList<string>? Choices) Of(SweepValue sweep, string text)
    {
        switch (sweep)
        {
            case { HasSweepInside: true }:
                return (sweep, null);
            case ZipSweep { Items: [SweepValue inner] } zip:
                (SweepValue places, IReadOnlyList<string>? choices) = Of(inner, text);
                return (zip with { Items = [places] }, choices);
            case ZipSweep zip:
                return (zip with { Items = Places(zip.Items.Count) }, Texts(zip.Items, text));
            case ChoiceSweep choice:
                return (choice with { Items = Places(choice.Items.Count) }, Texts(choice.Items, text));
            default:
                return (sweep, null);
        }
    }

    private static IReadOnlyList<OverrideValue> Places(int count) =>
        [.. Enumerable.Range(0, count).Select(place => new IntegerValue(place))];

    private static IReadOnlyList<string> Texts(IReadOnlyList<OverrideValue> items, string text)
    {
        List<string>? slices = Slices(items, text);
        return [.. items.Select((item, place) => Text(item, slices?[place]))];
    }

    // What a function gives was not typed.
    private static string Text(OverrideValue value, string? typed) => value switch
    {
        TextValue text => text.Text,
        QuotedValue quoted => quoted.Text,
        _ when typed is not null && !typed.EndsWith(')') => typed,
        _ => OverridePrinter.ReferenceText(value),
    };

    // A comma may stand inside a choice: each is the shortest text that reads as it. Null if functions change the values or their order.
    private static List<string>? Slices(IReadOnlyList<OverrideValue> items, string text)
    {
        while (Call().Match(text) is { Success: true } call) text = call.Groups["inside"].Value;
        List<string> slices = [];
        string? slice = null;
        foreach (string part in text.Split(','))
        {
            slice = slice is null ? part : $"{slice},{part}";
            if (slices.Count == items.Count || !ReadsAs(slice, items[slices.Count])) continue;
            slices.Add(slice.Trim());
            slice = null;
        }
        return slice is null && slices.Count == items.Count ? slices : null;
    }

    private static bool ReadsAs(string text, OverrideValue value) =>
        OverrideParser.Parse($"key={text}").TryGet(out Override? read, out _) && value.Equals(read.Value);

    // The whole is one function, as choice(a,b) or shuffle(choice(a,b)).
    [GeneratedRegex(@"^\s*[A-Za-z_]\w*\s*\((?<inside>.*)\)\s*$", RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Call();
}
