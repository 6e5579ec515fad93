using Refrag.Aws.Batch;
using Refrag.Engine.Placement;

namespace Refrag.Engine.Plans;

/// <summary>What is to run: a submission merged with its definition, checked, and never changed again. All children of an array share one.</summary>
internal sealed record JobPlan
{
    /// <summary>The job's name.</summary>
    public required string Name { get; init; }

    /// <summary>The queue's name.</summary>
    public required string Queue { get; init; }

    /// <summary>The name of the compute environment that the queue feeds.</summary>
    public required string ComputeEnvironment { get; init; }

    /// <summary>The revision of the definition that it came from.</summary>
    public required JobDefinition Definition { get; init; }

    /// <summary>One element for an ordinary job, one a node for a multi-node job.</summary>
    public required IReadOnlyList<NodePlan> Nodes { get; init; }

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

    /// <summary>How long an attempt may take; null for ever.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The values of the command's placeholders.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();

    /// <summary>The job's tags.</summary>
    public IReadOnlyDictionary<string, string>? Tags { get; init; }

    /// <summary>Whether the tags go on to the tasks.</summary>
    public bool? PropagateTags { get; init; }

    /// <summary>Whether there are nodes with ids of their own.</summary>
    public bool IsMultiNode => NodeProperties is not null;

    /// <summary>What all nodes ask for together: they share the one host.</summary>
    public Demand Demand => Nodes.Aggregate(default(Demand), (sum, node) => sum + node.Demand);
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

    /// <summary>The definition's container, for what DescribeJobs shows beside.</summary>
    public required ContainerProperties Container { get; init; }
}
