using System.Text.Json;

namespace Refrag.Cli.Commands.Infra;

/// <summary>Terraform's JSON events as lines for people: a resource when it is done, a provisioner's output as it comes.</summary>
internal static class ApplyProgress
{
    /// <summary>The line for one event; null if it is not worth one.</summary>
    public static string? Line(string json)
    {
        if (!json.StartsWith('{')) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return Text(root, "type") switch
            {
                "apply_complete" or "apply_errored" or "provision_progress" => Text(root, "@message"),
                _ => null,
            };
        }
        catch (JsonException)
        {
            // Half a line of a Terraform that was stopped.
            return null;
        }
    }

    public static Action<string> To(Terminal.Terminal terminal) => json =>
    {
        if (Line(json) is { } line) terminal.Note(line);
    };

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";
}
