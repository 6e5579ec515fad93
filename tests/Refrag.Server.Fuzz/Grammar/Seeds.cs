using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Server.Fuzz.Grammar;

/// <summary>
/// Requests that the server accepts, for the operations whose members depend on each other: a request made at random seldom gets that far.
/// They are in seeds.json. <c>$queue</c> and its like stand for something learned, <c>$name</c> for a name.
/// </summary>
internal static class Seeds
{
    private static readonly JsonObject s_seeds = Load();

    /// <summary>
    /// The operations whose seeds, in this order, create something of each kind. Requests sent now and then so keep the others deep: a
    /// random request deletes what another has created.
    /// </summary>
    public static IReadOnlyList<AwsOperation> Foundation { get; } =
    [
        BatchOperations.CreateSchedulingPolicy, BatchOperations.CreateComputeEnvironment, BatchOperations.CreateConsumableResource,
        BatchOperations.CreateServiceEnvironment,
        BatchOperations.CreateJobQueue, BatchOperations.CreateQuotaShare, BatchOperations.RegisterJobDefinition,
    ];

    /// <summary>A request of an operation, with its placeholders resolved; null if the operation has no seeds.</summary>
    public static JsonObject? Make(AwsOperation operation, Random chance, Vocabulary words)
    {
        if (s_seeds[operation.Name] is not JsonArray seeds) return null;
        JsonNode body = seeds[chance.Next(seeds.Count)]!.DeepClone();
        Resolve(body, words);
        return body.AsObject();
    }

    // Requests of a misspelt operation would never be sent.
    private static JsonObject Load()
    {
        using Stream file = typeof(Seeds).Assembly.GetManifestResourceStream("seeds.json")!;
        JsonObject seeds = JsonNode.Parse(file)!.AsObject();
        string[] unknown = [.. seeds.Select(seed => seed.Key).Except(BatchOperations.All.Select(operation => operation.Name))];
        return unknown.Length == 0
            ? seeds
            : throw new InvalidDataException($"seeds.json has requests of unknown operations: {string.Join(", ", unknown)}.");
    }

    private static void Resolve(JsonNode node, Vocabulary words)
    {
        if (node is JsonObject structure)
        {
            foreach ((string name, JsonNode? value) in structure.ToArray()) Replace(value, words, made => structure[name] = made);
        }
        if (node is not JsonArray list) return;
        for (int i = 0; i < list.Count; i++)
        {
            int at = i;
            Replace(list[i], words, made => list[at] = made);
        }
    }

    private static void Replace(JsonNode? value, Vocabulary words, Action<JsonNode> set)
    {
        if (value is JsonValue text && text.TryGetValue(out string? said) && said.StartsWith('$')) set(words.Resolve(said));
        else if (value is not null) Resolve(value, words);
    }
}
