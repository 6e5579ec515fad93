using System.Text.Json;
using Refrag.Stores;

namespace Refrag.Infrastructure;

/// <summary>The stack's outputs. What a layout does not have is null or empty.</summary>
public sealed record StackOutputs
{
    /// <summary>Queue for jobs without GPUs.</summary>
    public string? CpuJobQueue { get; init; }

    /// <summary>Queue for jobs with GPUs.</summary>
    public string? GpuJobQueue { get; init; }

    /// <summary>Definition for jobs without GPUs.</summary>
    public string? CpuJobDefinition { get; init; }

    /// <summary>Definition for jobs with GPUs.</summary>
    public string? GpuJobDefinition { get; init; }

    /// <summary>Queue for multi-node jobs.</summary>
    public string? DistributedJobQueue { get; init; }

    /// <summary>Definition of a node of a multi-node job.</summary>
    public string? DistributedJobDefinition { get; init; }

    /// <summary>The single queue of old.</summary>
    public string? SingleJobQueue { get; init; }

    /// <summary>The single queue's definition.</summary>
    public string? SingleJobDefinition { get; init; }

    /// <summary>Compute environments of all kinds.</summary>
    public IReadOnlyList<string> ComputeEnvironments { get; init; } = [];

    /// <summary>Environments of earlier settings that stay until they are empty.</summary>
    public IReadOnlyList<string> RetainedEnvironments { get; init; } = [];

    /// <summary>Queues by kind and priority: <c>cpu-high</c>, <c>cpu-low</c>, <c>gpu-high</c>, <c>gpu-low</c>.</summary>
    public IReadOnlyDictionary<string, string> PriorityQueues { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Queues by kind, <c>cpu</c> and <c>gpu</c>, that are on demand alone.</summary>
    public IReadOnlyDictionary<string, string> OnDemandQueues { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The stack's region.</summary>
    public string Region { get; init; } = "";

    /// <summary>Image of the job definitions.</summary>
    public string JobImage { get; init; } = "";

    /// <summary>Log group of the jobs.</summary>
    public string LogGroup { get; init; } = "";

    /// <summary>Where the code of jobs is put: <c>s3://BUCKET/code</c>.</summary>
    public string? CodeStore { get; init; }

    /// <summary>Where jobs put their results: <c>s3://BUCKET/results</c>.</summary>
    public string? ResultsStore { get; init; }

    /// <summary>The bucket of both.</summary>
    internal string? Bucket => CodeStore is { } store && StoreUrl.Parse(store) is BucketUrl { Bucket: var bucket } ? bucket : null;

    /// <summary>Every queue of the stack.</summary>
    public IReadOnlyList<string> Queues =>
        [.. new[] { CpuJobQueue, GpuJobQueue, DistributedJobQueue, SingleJobQueue }.OfType<string>(), .. PriorityQueues.Values,
            .. OnDemandQueues.Values];

    /// <summary>Every definition of the stack.</summary>
    public IReadOnlyList<string> Definitions =>
        [.. new[] { CpuJobDefinition, GpuJobDefinition, DistributedJobDefinition, SingleJobDefinition }.OfType<string>()];

    /// <summary>Which definition is meant for which queue.</summary>
    internal IEnumerable<(string Queue, string Definition)> Pairs
    {
        get
        {
            (string? Queue, string? Definition)[] kinds =
            [
                (CpuJobQueue, CpuJobDefinition), (GpuJobQueue, GpuJobDefinition), (DistributedJobQueue, DistributedJobDefinition),
                (SingleJobQueue, SingleJobDefinition),
            ];
            foreach ((string? queue, string? definition) in kinds)
            {
                if (queue is not null && definition is not null) yield return (queue, definition);
            }
        }
    }

    /// <summary>Reads <c>terraform output -json</c>. RF6011 where nothing was applied yet, or not to the end.</summary>
    public static Result<StackOutputs> Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement root = document.RootElement;
        if (!root.EnumerateObject().Any()) return NothingApplied;
        StackOutputs outputs = Read(root);
        // Terraform writes an output as soon as it knows it: after an apply that failed some are there, and some are missing.
        string[] missing =
        [
            .. outputs.Region.Length == 0 ? ["the region"] : (string[])[],
            .. outputs.Queues.Count == 0 ? ["every job queue"] : (string[])[],
            .. outputs.Definitions.Count == 0 ? ["every job definition"] : (string[])[],
        ];
        return missing.Length > 0 ? HalfApplied(missing) : outputs;
    }

    private static StackOutputs Read(JsonElement root) => new()
    {
        CpuJobQueue = Text(root, "batch_cpu_job_queue_name"),
        GpuJobQueue = Text(root, "batch_gpu_job_queue_name"),
        CpuJobDefinition = Text(root, "batch_cpu_job_definition_name"),
        GpuJobDefinition = Text(root, "batch_gpu_job_definition_name"),
        DistributedJobQueue = Text(root, "batch_distributed_job_queue_name"),
        DistributedJobDefinition = Text(root, "batch_distributed_job_definition_name"),
        SingleJobQueue = Text(root, "batch_job_queue_name"),
        SingleJobDefinition = Text(root, "batch_job_definition_name"),
        ComputeEnvironments =
        [
            .. List(root, "batch_cpu_compute_environment_names"), .. List(root, "batch_gpu_compute_environment_names"),
            .. List(root, "batch_distributed_compute_environment_names"),
        ],
        RetainedEnvironments = List(root, RetainedEnvironment.Output),
        PriorityQueues = Names(root, "batch_priority_queue_names"),
        OnDemandQueues = Names(root, "batch_on_demand_queue_names"),
        Region = Text(root, "region") ?? "",
        JobImage = Text(root, "job_image") ?? "",
        LogGroup = Text(root, "log_group_name") ?? "",
        CodeStore = Text(root, "job_code_store"),
        ResultsStore = Text(root, "job_results_store"),
    };

    private static Problem NothingApplied { get; } = new()
    {
        Code = "RF6011",
        What = "this state has no outputs: nothing was applied yet, or another workspace is selected",
        Cure = "Run `refrag infra apply`, or name the region with --region.",
    };

    private static Problem HalfApplied(string[] missing) => NothingApplied with
    {
        What = $"this state has only a part of its outputs: {string.Join(" and ", missing)} {(missing.Length == 1 ? "is" : "are")} missing",
        Cause = "An apply has not come to its end",
        Cure = "Run `refrag infra apply` again: it continues where it stopped, and says what it stopped at.",
    };

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement output) && output.GetProperty("value") is { ValueKind: JsonValueKind.String } value
            ? value.GetString()
            : null;

    private static Dictionary<string, string> Names(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement output) && output.GetProperty("value") is { ValueKind: JsonValueKind.Object } value
            ? value.EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetString()!, StringComparer.Ordinal)
            : new Dictionary<string, string>(StringComparer.Ordinal);

    private static IReadOnlyList<string> List(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out JsonElement output)) return [];
        JsonElement value = output.GetProperty("value");
        return value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select(v => v.GetString()!)],
            JsonValueKind.Object => [.. value.EnumerateObject().Select(p => p.Value.GetString()!)],
            _ => [],
        };
    }
}
