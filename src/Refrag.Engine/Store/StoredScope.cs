using System.Text.Json;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;

namespace Refrag.Engine.Store;

/// <summary>Which account and region a stored state belongs to: its resources keep the ARNs with which they were made.</summary>
internal static class StoredScope
{
    /// <summary>Throws <see cref="EngineStateException"/> (RF4040) if a stored state belongs to another account or region.</summary>
    /// <param name="folder">Where it is stored.</param>
    /// <param name="resources">What is stored, without definitions.</param>
    /// <param name="definitions">The stored definitions, with the ARNs of the engine that reads them.</param>
    public static void Check(string? folder, IEnumerable<(string Kind, string Name, string Body)> resources, DefinitionTable definitions)
    {
        // All have been made by one engine, so that one is enough.
        string? arn = definitions.All.FirstOrDefault()?.JobDefinitionArn
            ?? resources.Select(one => ArnIn(one.Kind, one.Body)).FirstOrDefault(found => found is not null);
        if (arn is not null) Check(folder, arn, definitions.Arns);
    }

    /// <summary>The same for one resource.</summary>
    public static void Check(string? folder, string kind, string body, LocalArns arns)
    {
        if (ArnIn(kind, body) is { } arn) Check(folder, arn, arns);
    }

    private static void Check(string? folder, string arn, LocalArns arns)
    {
        if (arn.Split(':', 6) is [_, _, _, var region, var account, _] && (region != arns.Region || account != arns.Account))
            throw new EngineStateException(StateProblems.OfAnother(folder, account, region, arns));
    }

    // The ARN of a resource is the one of its own kind; the others in it are of what it uses.
    private static string? ArnIn(string kind, string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind is JsonValueKind.Object
                ? document.RootElement.EnumerateObject()
                    .Where(member => member.Value.ValueKind is JsonValueKind.String)
                    .Select(member => member.Value.GetString()!)
                    .FirstOrDefault(text => LocalArn.Parse(text)?.Kind == kind)
                : null;
        }
        catch (JsonException)
        {
            // Whoever reads the record reports it.
            return null;
        }
    }
}
