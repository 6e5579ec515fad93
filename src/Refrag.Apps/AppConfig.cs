using System.Text.Json;

namespace Refrag.Apps;

/// <summary>The app's own keys of the composed configuration: every top-level key except <c>app</c> and <c>env</c>.</summary>
public sealed class AppConfig
{
    private AppConfig(JsonElement root) => Root = root;

    /// <summary>No keys at all.</summary>
    public static AppConfig Empty { get; } = new(JsonDocument.Parse("{}").RootElement);

    /// <summary>The keys as a JSON object.</summary>
    public JsonElement Root { get; }

    /// <summary>A configuration of a JSON object. Throws <see cref="ArgumentException"/> for any other kind of value.</summary>
    public static AppConfig Of(JsonElement root) =>
        root.ValueKind == JsonValueKind.Object
            ? new(root.Clone())
            : throw new ArgumentException("An app's configuration is a JSON object.", nameof(root));

    /// <summary>Reads a JSON object, or gives problem RF7005.</summary>
    public static Result<AppConfig> Parse(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return Of(document.RootElement);
            return NotAnObject(json, 0, $"It is {JsonDescription.Describe(document.RootElement)}");
        }
        catch (JsonException exception)
        {
            return NotAnObject(json, exception.LineNumber == 0 ? (int)(exception.BytePositionInLine ?? 0) : 0, "It is not JSON");
        }
    }

    /// <summary>A reader that collects what is wrong.</summary>
    public AppConfigReader Read() => new(Root);

    private static Problem NotAnObject(string json, int position, string cause) => new()
    {
        Code = "RF7005",
        What = "The app's configuration is not a JSON object",
        Cause = cause,
        Cure = "Give an object in single quotes, such as '{\"message\":\"hi\"}'",
        Place = new ArgumentPlace(json, position + 1),
    };
}
