using System.Text.Json;

namespace Refrag.Apps;

internal static class JsonDescription
{
    // Longer values say no more and fill the screen.
    private const int LongestShown = 60;

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.Object => "a mapping",
        JsonValueKind.String => $"the text {Shown(value)}",
        JsonValueKind.Number => $"the number {Shown(value)}",
        JsonValueKind.True or JsonValueKind.False => $"the truth value {Shown(value)}",
        _ => "null",
    };

    public static string Shown(JsonElement value)
    {
        string text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text.Length <= LongestShown ? text : string.Concat(text.AsSpan(0, LongestShown), "…");
    }
}
