using System.Text;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;

namespace Refrag.Server.Fuzz.Grammar;

/// <summary>A request to send.</summary>
/// <param name="Operation">The operation that it is for.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Body">The body; empty if the operation has none.</param>
internal sealed record FuzzRequest(AwsOperation Operation, string Target, byte[] Body);

/// <summary>Makes requests of all operations, some as clients send them, some slightly wrong, some wild.</summary>
internal sealed class RequestGenerator
{
    private static readonly ApiModel s_batch = new(BatchJson.Options, BatchShapes.Find, EngineLimits.All);
    private static readonly ApiModel s_logs = new(LogsJson.Options, LogsShapes.Find, new Dictionary<string, MemberLimit>());
    private static readonly ApiModel s_ecs = new(EcsJson.Options, static _ => ShapeRule.Anything, new Dictionary<string, MemberLimit>());

    // Jobs and what they need come more often than the rest, so that there is something to ask for.
    private static readonly IReadOnlyList<AwsOperation> s_operations =
    [
        .. BatchOperations.All, .. LogsOperations.All, .. EcsOperations.All,
        .. Enumerable.Repeat<AwsOperation>(BatchOperations.SubmitJob, 12),
        .. Enumerable.Repeat<AwsOperation>(BatchOperations.RegisterJobDefinition, 4),
        .. Enumerable.Repeat<AwsOperation>(BatchOperations.SubmitServiceJob, 2), .. Seeds.Foundation,
    ];

    private readonly Random _chance;
    private readonly Vocabulary _words;
    private readonly ValueGenerator _values;
    private readonly Edits _edits;

    public RequestGenerator(Random chance, Vocabulary words)
    {
        (_chance, _words, _values) = (chance, words, new ValueGenerator(chance, words));
        _edits = new Edits(chance, _values);
    }

    /// <summary>The next request.</summary>
    public FuzzRequest Next()
    {
        AwsOperation operation = s_operations[_chance.Next(s_operations.Count)];
        ApiShape shape = ModelOf(operation).Request(operation);
        int mood = _chance.Next(100);
        _values.Wildness = mood < 60 ? 0 : mood < 85 ? 4 : mood < 95 ? 20 : 60;
        JsonObject body = (_chance.Next(4) > 0 ? Seeds.Make(operation, _chance, _words) : null) ?? Random(shape);
        _edits.Apply(body, shape, mood < 25 ? 0 : mood < 60 ? 1 : _chance.Next(1, 5));
        return Request(operation, body, _chance.Next(100) < 5);
    }

    /// <summary>A request that the server should accept, of an operation that has seeds.</summary>
    public FuzzRequest Good(AwsOperation operation) => Request(operation, Seeds.Make(operation, _chance, _words)!, false);

    /// <summary>A request with a body that is not damaged.</summary>
    public static FuzzRequest Plain(AwsOperation operation, JsonObject body) =>
        new(operation, operation.Path, Encoding.UTF8.GetBytes(body.ToJsonString()));

    private static ApiModel ModelOf(AwsOperation operation) =>
        operation.Service == AwsService.Batch ? s_batch : operation.Service == AwsService.Logs ? s_logs : s_ecs;

    private JsonObject Random(ApiShape shape) => _values.Make("", shape, null) as JsonObject ?? [];

    private FuzzRequest Request(AwsOperation operation, JsonObject body, bool damaged)
    {
        string target = operation.Path;
        foreach (string member in operation.OutsideBody)
        {
            string value = body[member] switch
            {
                null => _words.Plausible(member),
                JsonValue one => one.ToString(),
                var other => other.ToJsonString()
            };
            string escaped = _chance.Next(20) == 0 ? value.Replace(' ', '+') : Uri.EscapeDataString(value);
            string place = $"{{{member}}}";
            target = target.Contains(place, StringComparison.Ordinal)
                ? target.Replace(place, escaped, StringComparison.Ordinal)
                : $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{member}={escaped}";
            body.Remove(member);
        }
        byte[] bytes = operation.Method == HttpMethod.Post ? Encoding.UTF8.GetBytes(body.ToJsonString()) : [];
        return new FuzzRequest(operation, Clean(target), damaged && bytes.Length > 0 ? Damage.Apply(bytes, _chance) : bytes);
    }

    // A line break or a space within the target would make another request of it; the raw forms try those.
    private static string Clean(string target) =>
        string.Concat(
            target.Select(c => c is > ' ' and < '\x7f' ? c.ToString() : Uri.EscapeDataString(char.IsSurrogate(c) ? "?" : c.ToString())));
}
