using Refrag.Aws.Batch;
using System.Text.Json;

namespace Refrag.Infrastructure;

/// <summary>What a state holds, as far as a plan or a move must know it.</summary>
public sealed class StackState
{
    // The single environment of old ("ce") belongs to migrate and rollback.
    internal static readonly string[] SeparateEnvironments = ["cpu", "gpu", "cpu_on_demand", "gpu_on_demand", "distributed"];

    private readonly List<StateQueue> _queues = [];
    private readonly List<string> _environments = [];
    private readonly List<string> _single = [];
    private readonly List<string> _retained = [];
    private readonly List<string> _definitions = [];
    private readonly HashSet<string> _halfMade = new(StringComparer.Ordinal);

    /// <summary>Reads a state.</summary>
    /// <param name="json">What <c>terraform show -json</c> printed.</param>
    public StackState(string json)
    {
        using JsonDocument state = JsonDocument.Parse(json);
        if (!state.RootElement.TryGetProperty("values", out JsonElement values)) return;
        _retained.AddRange(PlanReader.Texts(values, RetainedEnvironment.Output));
        Region = PlanReader.Text(values, "region");
        if (!values.TryGetProperty("root_module", out JsonElement root) || !root.TryGetProperty("resources", out JsonElement resources))
            return;
        foreach (JsonElement resource in resources.EnumerateArray()) Add(resource);
    }

    /// <summary>The stack's region; null if the state does not name it, as before the first apply.</summary>
    public string? Region { get; private set; }

    /// <summary>Names of all compute environments, with those of earlier settings and the single one of old.</summary>
    public IReadOnlyList<string> Environments => [.. _environments, .. _single];

    /// <summary>Names of the compute environments, without those of earlier settings.</summary>
    public IReadOnlyList<string> CurrentEnvironments => [.. Environments.Except(_retained)];

    /// <summary>Names of the job definitions.</summary>
    public IReadOnlyList<string> Definitions => _definitions;

    /// <summary>
    /// The argument that keeps every environment of the state whose settings are no longer the current ones; null if the state has none.
    /// Those that no queue has used since an earlier apply are closed.
    /// </summary>
    /// <param name="except">Environments that are not kept.</param>
    internal string? Retain(IReadOnlyCollection<string> except)
    {
        string[] kept = [.. _environments.Except(except).Order(StringComparer.Ordinal)
            .Select(name => $"\"{name}\" = \"{(_retained.Contains(name) ? CEState.Disabled : CEState.Enabled)}\"")];
        return kept.Length == 0 ? null : $"-var=batch_retained_environments={{{string.Join(", ", kept)}}}";
    }

    /// <summary>Names of the job queues that go by these names in the configuration.</summary>
    internal IReadOnlyList<string> Queues(IReadOnlyList<string> resources) =>
        [.. _queues.Where(q => resources.Contains(q.Resource)).Select(q => q.Name)];

    /// <summary>
    /// Whether a run was interrupted while it created this resource. Terraform marks it as tainted then, as `terraform taint` does, but has
    /// not read it: it has no ARN.
    /// </summary>
    /// <param name="address">The resource's address.</param>
    internal bool IsHalfMade(string address) => _halfMade.Contains(address);

    private void Add(JsonElement resource)
    {
        string name = resource.GetProperty("name").GetString()!;
        JsonElement values = resource.GetProperty("values");
        if (resource.TryGetProperty("tainted", out JsonElement tainted) && tainted.ValueKind == JsonValueKind.True
            && Text(values, "arn") is null)
        {
            _halfMade.Add(resource.GetProperty("address").GetString()!);
        }
        string type = resource.GetProperty("type").GetString()!;
        if (type.StartsWith("aws_batch_", StringComparison.Ordinal)) Region ??= RegionOf(Text(values, "arn"));
        switch (type)
        {
            case "aws_batch_job_queue" when Text(values, "name") is { } queue:
                _queues.Add(new StateQueue(name, queue));
                break;
            case "aws_batch_job_definition" when Text(values, "name") is { } definition:
                _definitions.Add(definition);
                break;
            case "aws_batch_compute_environment" when SeparateEnvironments.Contains(name) && IsKeyedByName(resource):
                _environments.Add(resource.GetProperty("index").GetString()!);
                break;
            // Version 6 of the provider has `name`.
            case "aws_batch_compute_environment" when (Text(values, "compute_environment_name") ?? Text(values, "name")) is { } single:
                _single.Add(single);
                break;
        }
    }

    // arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE
    private static string? RegionOf(string? arn) => arn?.Split(':') is [_, _, _, { Length: > 0 } region, ..] ? region : null;

    // What was interrupted while it was created has no values yet.
    private static string? Text(JsonElement values, string name) =>
        values.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool IsKeyedByName(JsonElement resource) =>
        resource.TryGetProperty("index", out JsonElement index) && index.ValueKind == JsonValueKind.String;

    private sealed record StateQueue(string Resource, string Name);
}
