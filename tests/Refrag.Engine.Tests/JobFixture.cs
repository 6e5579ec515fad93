using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Names;

namespace Refrag.Engine.Tests;

/// <summary>Jobs to try the rules on.</summary>
internal static class JobFixture
{
    public static JobPlan Plan(int nodes = 1, int? array = null) => new()
    {
        Name = "job",
        Queue = "queue",
        Arns = LocalArns.Usual,
        Definition = new JobDefinition { JobDefinitionName = "def", JobDefinitionArn = LocalArns.Usual.Definition("def", 1) },
        Nodes = [.. Enumerable.Range(0, nodes).Select(_ => Node())],
        NodeProperties = nodes > 1 ? new NodeProperties { NumNodes = nodes, MainNode = 0, NodeRangeProperties = [] } : null,
        ArraySize = array,
    };

    public static Job Job(JobPlan plan, params NodeRun[] nodes) =>
        new() { Id = "id", Sequence = 0, Plan = plan, CreatedAt = 0, ComputeEnvironment = "ce", Nodes = nodes };

    public static NodeRun Ended(int? code, bool started = true, string? reason = null) => new()
    {
        TaskId = "task",
        LogStream = "def/default/task",
        StartedAt = started ? 1 : null,
        StoppedAt = 2,
        ExitCode = code,
        Reason = reason,
        Started = started,
    };

    private static NodePlan Node() => new()
    {
        Command = ["true"],
        Environment = [],
        Demand = new Demand(new VCpus(1), new MebiBytes(1), new Gpus(0)),
        Requirements = [],
        Container = new ContainerProperties(),
    };
}
