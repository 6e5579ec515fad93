using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Engine.Names;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>
/// What is to run: a submission merged with its definition, checked, and never changed again. All children of an array share one.
/// </summary>
internal sealed record JobPlan
{
    private static readonly IReadOnlyDictionary<string, long> s_nothing = new Dictionary<string, long>();
    private IReadOnlyList<NodePlan>? _nodes;
    private SubmitJobRequest? _request;

    /// <summary>The job's name.</summary>
    public required string Name { get; init; }

    /// <summary>The queue's name.</summary>
    public required string Queue { get; init; }

    /// <summary>The ARNs of the engine that it runs in.</summary>
    public required LocalArns Arns { get; init; }

    /// <summary>The revision of the definition that it came from.</summary>
    public required JobDefinition Definition { get; init; }

    /// <summary>The submission that it came from; null for a service job.</summary>
    public SubmitJobRequest? Request
    {
        get => _request ?? (Packed is null ? null : Unpack()._request);
        init => _request = value;
    }

    /// <summary>The submission of a service job; null for any other.</summary>
    public SubmitServiceJobRequest? Service { get; init; }

    /// <summary>One element for an ordinary job, one a node for a multi-node job.</summary>
    public required IReadOnlyList<NodePlan> Nodes
    {
        get => _nodes ?? Unpack()._nodes!;
        init => (_nodes, Demand) = (value, value.Aggregate(default(Demand), (sum, node) => sum + node.Demand));
    }

    /// <summary>The node whose end ends the job.</summary>
    public int MainNode { get; init; }

    /// <summary>The node properties after overrides; null for a job that is not a multi-node job.</summary>
    public NodeProperties? NodeProperties { get; init; }

    /// <summary>How many children; null for a job that is not an array.</summary>
    public int? ArraySize { get; init; }

    /// <summary>What must have succeeded before.</summary>
    public IReadOnlyList<JobDependency> DependsOn { get; init; } = [];

    /// <summary>How failures are met; null for one attempt.</summary>
    public RetryStrategy? Retry { get; init; }

    /// <summary>How long an attempt may take; null if nothing limits it.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The values of the command's placeholders.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The job's tags.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Whether the tasks get the tags too.</summary>
    public bool? PropagateTags { get; init; }

    /// <summary>The consumable resources that it holds while it runs, by name; for a multi-node job, those of all nodes together.</summary>
    public IReadOnlyDictionary<string, long> Consumables { get; init; } = s_nothing;

    /// <summary>Why it is simulated only; null if it runs.</summary>
    public string? Simulated { get; init; }

    /// <summary>Why it can never run: it was stored by a version that allowed more. Null for every other job.</summary>
    public string? Fault { get; init; }

    /// <summary>The share of a fair-share queue.</summary>
    public string? ShareIdentifier { get; init; }

    /// <summary>The priority within its share, as submitted.</summary>
    public int? Priority { get; init; }

    /// <summary>The submission as JSON, where <see cref="Pack"/> has put it so; null if it lies here as objects.</summary>
    public byte[]? Packed { get; private init; }

    /// <summary>Which kind of job it is.</summary>
    public JobKind Kind => Service is null ? JobKind.Job : JobKind.Service;

    /// <summary>The definition's name and revision; empty for a service job.</summary>
    public string DefinitionName => LocalArn.NameOf(Definition.JobDefinitionArn);

    /// <summary>Whether there are nodes with ids of their own.</summary>
    public bool IsMultiNode => NodeProperties is not null;

    /// <summary>What all nodes ask for together: they share the one host.</summary>
    public Demand Demand { get; private init; }

    /// <summary>What it takes of this machine: nothing, where it is simulated.</summary>
    public Demand HostDemand => Simulated is null ? Demand : default;

    /// <summary>The roles that its containers name.</summary>
    // Deferred: a plan that waits is unpacked only if they are wanted.
    public IEnumerable<string> Roles()
    {
        foreach (NodePlan node in Nodes)
        {
            if (node.Container.ExecutionRoleArn is { } execution) yield return execution;
            if (node.Container.JobRoleArn is { } own) yield return own;
        }
    }

    /// <summary>
    /// The same plan in a tenth of the objects, for a job that waits: each garbage collection walks them all. Submission and nodes are made
    /// again of the JSON when it is needed. Arrays are as they are, because thousands share one plan.
    /// </summary>
    /// <param name="json">The submission as JSON; null if it is not written yet.</param>
    public JobPlan Pack(byte[]? json = null) => _request is { } request && ArraySize is null && !IsMultiNode && Simulated is null
        ? this with
        {
            Packed = json ?? JsonSerializer.SerializeToUtf8Bytes(request, BatchOperations.SubmitJob.RequestJson),
            _request = null,
            _nodes = null,
        }
        : this;

    /// <summary>The plan with its objects, for a job that starts.</summary>
    // What could be planned once can be again: neither submission nor revision ever change.
    public JobPlan Unpack()
    {
        if (Packed is null) return this;
        SubmitJobRequest request = JsonSerializer.Deserialize(Packed, BatchOperations.SubmitJob.RequestJson)!;
        return JobPlanner.PlanStored(request, Definition, Queue, Arns);
    }
}

/// <summary>One node's container, after overrides.</summary>
internal sealed record NodePlan
{
    /// <summary>The program and its arguments, placeholders filled in.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The variables of definition and submission; the later wins.</summary>
    public required IReadOnlyList<KeyValuePair> Environment { get; init; }

    /// <summary>What it asks for.</summary>
    public required Demand Demand { get; init; }

    /// <summary>The same as the API writes it.</summary>
    public required IReadOnlyList<ResourceRequirement> Requirements { get; init; }

    /// <summary>What of it the old fields ask for; null for what they don't.</summary>
    public (int? VCpus, int? Memory) OldFields { get; init; }

    /// <summary>The definition's container, for what DescribeJobs shows beside.</summary>
    public required ContainerProperties Container { get; init; }

    /// <summary>
    /// The containers of a task of several; the above are the first essential one's, and the demand is that of all; empty where there
    /// is only one.
    /// </summary>
    public IReadOnlyList<TaskContainer> Containers { get; init; } = [];
}
