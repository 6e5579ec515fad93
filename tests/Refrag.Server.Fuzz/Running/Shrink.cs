using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Server.Fuzz.Http;

namespace Refrag.Server.Fuzz.Running;

/// <summary>Makes the body of a request smaller for as long as the server still fails.</summary>
internal static class Shrink
{
    private const int MostTries = 400;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    /// <summary>The smallest request found; the same if it fails no more, or has no JSON to shrink.</summary>
    public static async Task<byte[]> RunAsync(ServedProcess server, byte[] request, CancellationToken cancellationToken)
    {
        int split = request.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        string head = Encoding.Latin1.GetString(request, 0, split);
        if (Parse(request[split..]) is not { } body) return request;
        using var connection = new Connection(server.Address);
        int tries = 0;
        for (bool shrunk = true; shrunk && tries < MostTries;)
        {
            shrunk = false;
            foreach (Action<JsonNode> removal in Removals(body, static root => root).ToArray())
            {
                JsonNode smaller = body.DeepClone();
                removal(smaller);
                if (++tries > MostTries || !await FailsAsync(connection, Make(head, smaller), cancellationToken)) continue;
                (body, shrunk) = (smaller, true);
                break;
            }
        }
        return Make(head, body);
    }

    private static IEnumerable<Action<JsonNode>> Removals(JsonNode node, Func<JsonNode, JsonNode> find)
    {
        if (node is JsonObject structure)
        {
            foreach ((string name, JsonNode? value) in structure)
            {
                yield return root => find(root).AsObject().Remove(name);
                if (value is not null) foreach (Action<JsonNode> inner in Removals(value, root => find(root)[name]!)) yield return inner;
            }
        }
        if (node is not JsonArray list) yield break;
        for (int i = 0; i < list.Count; i++)
        {
            int at = i;
            yield return root => find(root).AsArray().RemoveAt(at);
            if (list[i] is { } value) foreach (Action<JsonNode> inner in Removals(value, root => find(root)[at]!)) yield return inner;
        }
    }

    private static async Task<bool> FailsAsync(Connection connection, byte[] request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        return (await connection.SendAsync(request, end: false, limit.Token)).Status >= 500;
    }

    private static JsonNode? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Make(string head, JsonNode body)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        string[] lines = [.. head.Split("\r\n").Where(line => !line.StartsWith("Content-Length:", StringComparison.Ordinal))];
        return [.. Encoding.Latin1.GetBytes($"{lines[0]}\r\nContent-Length: {bytes.Length}\r\n{string.Join("\r\n", lines[1..])}"),
            .. bytes];
    }
}
