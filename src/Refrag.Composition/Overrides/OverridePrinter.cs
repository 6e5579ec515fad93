using System.Globalization;
using System.Text;
using Refrag.Composition.Overrides.Grammar;

namespace Refrag.Composition.Overrides;

/// <summary>Writes overrides as they could be typed.</summary>
public static class OverridePrinter
{
    /// <summary>The override, so that reading it gives the same one: kind, key, package and value.</summary>
    public static string Print(Override value)
    {
        if (value.Value is null) return value.KeyElement;
        return $"{value.KeyElement}={Whole(value.Value)}";
    }

    /// <summary>
    /// The value, so that reading it gives the same one. A string that would read as something else is written as <c>str('…')</c>.
    /// </summary>
    public static string Print(OverrideValue value) => value switch
    {
        TextValue text => PlainText.IsFaithful(text.Text) ? Escape(text.Text) : $"str({QuotedText.Quote(text.Text, '\'')})",
        ListValue list => $"[{Join(list.Items, Print)}]",
        DictionaryValue dictionary => $"{{{Join(dictionary.Entries, entry => $"{ReferenceText(entry.Key)}:{Print(entry.Value)}")}}}",
        ListExtension extension => $"extend_list({Join(extension.Items, Argument)})",
        Replacement replacement => $"replace({Print(replacement.Value)})",
        SweepValue sweep => SweepPrinter.Print(sweep),
        _ => ReferenceText(value),
    };

    /// <summary>
    /// The value as the reference writes it, in the arguments of a sweep's jobs: strings with backslashes before what needs them, quotes as
    /// they were,
    /// <c>True</c> and <c>False</c>. A string such as <c>str('1')</c> loses that it is one.
    /// </summary>
    public static string ReferenceText(OverrideValue value) => value switch
    {
        NullValue => "null",
        BooleanValue boolean => boolean.Value ? "True" : "False",
        IntegerValue integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        FloatValue number => PythonNumbers.Write(number.Value),
        TextValue text => Escape(text.Text),
        QuotedValue quoted => QuotedText.Quote(quoted.Text, quoted.Quote),
        ListValue list => $"[{Join(list.Items, ReferenceText)}]",
        DictionaryValue dictionary =>
            $"{{{Join(dictionary.Entries, entry => $"{ReferenceText(entry.Key)}:{ReferenceText(entry.Value)}")}}}",
        ListExtension extension => $"[{Join(extension.Items, ReferenceText)}]",
        _ => Print(value),
    };

    private static string Whole(OverrideValue value) => value switch
    {
        // Where nothing stands after the equals sign, that is the empty string.
        TextValue { Text: "" } => "",
        SweepValue sweep => SweepPrinter.PrintWhole(sweep),
        _ => Print(value),
    };

    /// <summary>A value as an argument of a function, which sees a quoted string as a plain one.</summary>
    internal static string Argument(OverrideValue value) => value switch
    {
        TextValue text when !PlainText.IsFaithful(text.Text) => QuotedText.Quote(text.Text, '\''),
        _ => Print(value),
    };

    internal static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (Characters.IsEscapable(c)) escaped.Append('\\');
            escaped.Append(c);
        }
        return escaped.ToString();
    }

    internal static string Join<T>(IEnumerable<T> items, Func<T, string> print) => string.Join(',', items.Select(print));
}
