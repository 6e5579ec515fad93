using Refrag.Aws.Batch;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Names;

namespace Refrag.Engine.Tests.Jobs.Plans;

public sealed class JobPlannerTests
{
    private static readonly JobDefinition Definition = new()
    {
        JobDefinitionName = "def",
        Type = "container",
        Parameters = new Dictionary<string, string> { ["a"] = "1" },
        ContainerProperties = new ContainerProperties
        {
            Command = ["run", "Ref::a"],
            Environment = [Pair("A", "definition"), Pair("B", "definition")],
            ResourceRequirements = [Need("VCPU", "4"), Need("MEMORY", "8192")],
        },
        RetryStrategy = new RetryStrategy { Attempts = 2 },
        Timeout = new JobTimeout { AttemptDurationSeconds = 60 },
    };

    private static readonly SubmitJobRequest Request = new() { JobName = "job", JobQueue = "queue", JobDefinition = "def" };

    private static readonly JobDefinition FourNodes = new()
    {
        JobDefinitionName = "def",
        Type = "multinode",
        NodeProperties = new NodeProperties
        {
            NumNodes = 4,
            MainNode = 0,
            NodeRangeProperties =
            [
                new NodeRangeProperty
                {
                    TargetNodes = "0:",
                    Container = new ContainerProperties { Command = ["all"], Vcpus = 1, Memory = 10 },
                },
                new NodeRangeProperty
                {
                    TargetNodes = "0",
                    Container = new ContainerProperties { Command = ["main"], Vcpus = 2, Memory = 20 },
                },
            ],
        },
    };

    [Fact]
    public void Plan_AConsumableOfAnotherRegion_IsWrongOnlyInANewSubmission()
    {
        SubmitJobRequest request = Request with
        {
            ConsumableResourcePropertiesOverride = new ConsumableResourceProperties
            {
                ConsumableResourceList =
                [
                    new ConsumableResourceRequirement
                    {
                        ConsumableResource = "arn:aws:batch:eu-west-1:000000000000:consumable-resource/license",
                        Quantity = 2,
                    },
                ],
            },
        };
        Assert.Contains("is not in us-east-1", Assert.Single(JobPlanner.Plan(request, Definition, "queue", LocalArns.Usual).Wrong),
            StringComparison.Ordinal);
        JobPlan stored = JobPlanner.PlanStored(request, Definition, "queue", LocalArns.Usual);
        Assert.Null(stored.Fault);
        Assert.Equal(2, stored.Consumables["license"]);
    }

    [Fact]
    public void Plan_DefinitionAlone_IsTaken()
    {
        JobPlan plan = Plan(Request);
        Assert.Equal(["run", "1"], plan.Nodes[0].Command);
        Assert.Equal(4, plan.Demand.VCpus.Value);
        Assert.Equal(8192, plan.Demand.Memory.Value);
        Assert.Equal(2, plan.Retry?.Attempts);
        Assert.Equal(TimeSpan.FromMinutes(1), plan.Timeout);
    }

    [Fact]
    public void Plan_Overrides_Win()
    {
        JobPlan plan = Plan(Request with
        {
            Parameters = new Dictionary<string, string> { ["a"] = "2" },
            ContainerOverrides = new ContainerOverrides
            {
                Command = ["other", "Ref::a"],
                Environment = [Pair("B", "job"), Pair("C", "job")],
                ResourceRequirements = [Need("MEMORY", "100"), Need("GPU", "1")],
            },
            RetryStrategy = new RetryStrategy { Attempts = 5 },
            Timeout = new JobTimeout { AttemptDurationSeconds = 120 },
        });
        Assert.Equal(["other", "2"], plan.Nodes[0].Command);
        Assert.Equal([Pair("A", "definition"), Pair("B", "job"), Pair("C", "job")], plan.Nodes[0].Environment);
        Assert.Equal((4m, 100L, 1), (plan.Demand.VCpus.Value, plan.Demand.Memory.Value, plan.Demand.Gpus.Value));
        Assert.Equal(5, plan.Retry?.Attempts);
        Assert.Equal(TimeSpan.FromMinutes(2), plan.Timeout);
    }

    [Fact]
    public void Plan_Nodes_TakeTheInnermostRange()
    {
        JobPlan plan = Plan(Request, FourNodes);
        Assert.Equal(["main", "all", "all", "all"], plan.Nodes.Select(node => node.Command[0]));
        Assert.Equal((5m, 50L), (plan.Demand.VCpus.Value, plan.Demand.Memory.Value));
    }

    [Fact]
    public void Plan_NodeOverrides_ChangeNumberAndContainers()
    {
        JobPlan plan = Plan(Request with
        {
            NodeOverrides = new NodeOverrides
            {
                NumNodes = 2,
                NodePropertyOverrides = [new NodePropertyOverride
                {
                    TargetNodes = "1",
                    ContainerOverrides = new ContainerOverrides { Command = ["mine"] },
                }],
            },
        }, FourNodes);
        Assert.Equal(["main", "mine"], plan.Nodes.Select(node => node.Command[0]));
    }

    [Fact]
    public void Plan_SeveralMistakes_AreAllReported()
    {
        string wrong = Wrong(Request with
        {
            ArrayProperties = new ArrayProperties { Size = 1 },
            RetryStrategy = new RetryStrategy { EvaluateOnExit = [new EvaluateOnExit { OnReason = "*", Action = RetryAction.Exit }] },
            ContainerOverrides = new ContainerOverrides
            {
                Environment = [Pair("AWS_BATCH_JOB_ID", "mine"), Pair("A=B", "x")],
                ResourceRequirements = [Need("GPU", "0.5"), Need("MEMORY", "much")],
            },
        });
        Assert.All(
            ["array of 1", "evaluateOnExit without attempts", "AWS_BATCH_JOB_ID", "\"A=B\"", "GPU=0.5", "MEMORY=much"],
            text => Assert.Contains(text, wrong, StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_MainNodeOutside_IsReported() => Assert.Contains("main node 4 is none of the 4", Wrong(
        Request, FourNodes with { NodeProperties = FourNodes.NodeProperties! with { MainNode = 4 } }), StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    [InlineData(int.MaxValue)]
    public void Plan_NumberOfNodes_IsLimited(int nodes) => Assert.Contains("Set numNodes to 1 to 1000", Wrong(
        Request, FourNodes with { NodeProperties = FourNodes.NodeProperties! with { NumNodes = nodes } }), StringComparison.Ordinal);

    [Fact]
    public void Plan_NodesOfOneRange_ShareOnePlan()
    {
        JobDefinition definition = FourNodes with { NodeProperties = FourNodes.NodeProperties! with { NumNodes = 1000 } };
        IReadOnlyList<NodePlan> nodes = JobPlanner.Plan(Request, definition, "queue", LocalArns.Usual).Plan!.Nodes;
        Assert.Equal(1000, nodes.Count);
        Assert.True(nodes.Distinct(ReferenceEqualityComparer.Instance).Count() < 10);
    }

    [Fact]
    public void Plan_RangeOutside_IsReported() => Assert.Contains("targetNodes \"0:9\"", Wrong(Request, FourNodes with
    {
        NodeProperties = FourNodes.NodeProperties! with { NodeRangeProperties = [new NodeRangeProperty { TargetNodes = "0:9" }] },
    }), StringComparison.Ordinal);

    [Fact]
    public void Plan_ArrayOfMultiNode_IsReported() => Assert.Contains(
        "cannot be an array", Wrong(Request with { ArrayProperties = new ArrayProperties { Size = 2 } }, FourNodes),
        StringComparison.Ordinal);

    private static JobPlan Plan(SubmitJobRequest request, JobDefinition? definition = null)
    {
        var (plan, wrong) = JobPlanner.Plan(request, definition ?? Definition, "queue", LocalArns.Usual);
        Assert.Empty(wrong);
        return plan!;
    }

    private static string Wrong(SubmitJobRequest request, JobDefinition? definition = null)
    {
        var (plan, wrong) = JobPlanner.Plan(request, definition ?? Definition, "queue", LocalArns.Usual);
        Assert.Null(plan);
        return string.Join('\n', wrong);
    }

    private static KeyValuePair Pair(string name, string value) => new() { Name = name, Value = value };

    private static ResourceRequirement Need(string type, string value) => new() { Type = type, Value = value };
}
