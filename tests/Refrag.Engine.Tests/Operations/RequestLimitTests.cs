using Refrag.Aws.Batch;

namespace Refrag.Engine.Tests.Operations;

/// <summary>What is too large is refused before anything is planned; what is at its limit is accepted.</summary>
public sealed class RequestLimitTests : EngineTest
{
    [Theory]
    [InlineData(1001)]
    [InlineData(1_000_000)]
    [InlineData(int.MaxValue)]
    public async Task NumNodes_BeyondTheLimit_AreRefused(int nodes)
    {
        Assert.Contains("numNodes", await Refused(Register("large", nodes)), StringComparison.Ordinal);
        await Register("nodes", 1);
        Assert.Contains("numNodes", await Refused(Submit(MultiNode("nodes", nodes))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10_001, 0, 20_000)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue)]
    [InlineData(0, 10_001, 20_000)]
    [InlineData(0, 0, 1_000_001)]
    [InlineData(-1, 0, 16)]
    public async Task VCpus_BeyondTheLimit_AreRefused(int least, int desired, int most)
    {
        await Refused(Batch.SendAsync(BatchOperations.CreateComputeEnvironment, Environment("large", least, desired, most), Token));
        await Batch.SendAsync(BatchOperations.CreateComputeEnvironment, Environment("small", 0, 0, 16), Token);
        await Refused(Batch.SendAsync(
            BatchOperations.UpdateComputeEnvironment,
            new UpdateComputeEnvironmentRequest
            {
                ComputeEnvironment = "small",
                ComputeResources = new ComputeResourceUpdate { MinvCpus = least, DesiredvCpus = desired, MaxvCpus = most },
            },
            Token));
    }

    [Theory]
    [InlineData(ResourceType.Vcpu, "10001")]
    [InlineData(ResourceType.Vcpu, "2147483647")]
    [InlineData(ResourceType.Memory, "67108865")]
    [InlineData(ResourceType.Memory, "9223372036854775807")]
    [InlineData(ResourceType.Gpu, "1001")]
    [InlineData(ResourceType.Gpu, "79228162514264337593543950335")]
    public async Task Requirements_BeyondTheLimit_AreRefused(string type, string value)
    {
        SubmitJobRequest request = Request();
        request = request with
        {
            ContainerOverrides = request.ContainerOverrides! with { ResourceRequirements = [new() { Type = type, Value = value }] },
        };
        Assert.Contains(type, await Refused(Submit(request)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run\0away")]
    [InlineData("\0")]
    public async Task NulInCommandOrValue_IsRefused(string text)
    {
        Assert.Contains("NUL", await Refused(Submit(Request() with { ContainerOverrides = new() { Command = ["run", text] } })),
            StringComparison.Ordinal);
        Assert.Contains("NUL",
            await Refused(
                Submit(Request() with
                {
                    ContainerOverrides = new() { Command = ["run"], Environment = [new() { Name = "A", Value = text }] },
                })), StringComparison.Ordinal);
        Assert.Contains("NUL", await Refused(Submit(Request() with { Parameters = new Dictionary<string, string> { ["p"] = text } })),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texts_BeyondTheCeiling_AreRefused() => Assert.Contains("characters", await Refused(Batch.SendAsync(
        BatchOperations.DescribeJobs, new DescribeJobsRequest { Jobs = [new string('x', 1_000_000)] }, Token)), StringComparison.Ordinal);

    [Fact]
    public async Task ResourcesOfOneKind_AreLimited()
    {
        int there = (await Batch.SendAsync(BatchOperations.DescribeJobQueues, new DescribeJobQueuesRequest(), Token)).JobQueues!.Count;
        for (int number = there; number < BatchLimits.JobQueues; number++) await CreateQueue(number);
        Assert.Contains("the most that there can be", await Refused(CreateQueue(BatchLimits.JobQueues)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Consumables_BeyondTheLimit_AreRefused()
    {
        await Refused(
            Batch.SendAsync(BatchOperations.CreateConsumableResource,
                new CreateConsumableResourceRequest { ConsumableResourceName = "many", TotalQuantity = long.MaxValue }, Token));
        await Batch.SendAsync(BatchOperations.CreateConsumableResource,
            new CreateConsumableResourceRequest { ConsumableResourceName = "many", TotalQuantity = EngineLimits.ConsumableUnits }, Token);
        await Refused(
            Batch.SendAsync(BatchOperations.UpdateConsumableResource,
                new UpdateConsumableResourceRequest { ConsumableResource = "many", Operation = "ADD", Quantity = 1 }, Token));
        var needs = new ConsumableResourceProperties
        {
            ConsumableResourceList = [new() { ConsumableResource = "many", Quantity = long.MaxValue }],
        };
        await Refused(Submit(Request() with { ConsumableResourcePropertiesOverride = needs }));
    }

    private async Task CreateQueue(int number) => await Batch.SendAsync(
        BatchOperations.CreateJobQueue,
        new CreateJobQueueRequest
        {
            JobQueueName = $"q{number}",
            Priority = 1,
            ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "refrag-cpu-compute-env" }],
        },
        Token);

    private async Task Register(string name, int nodes) => await Batch.SendAsync(
        BatchOperations.RegisterJobDefinition,
        new RegisterJobDefinitionRequest
        {
            JobDefinitionName = name,
            Type = "multinode",
            NodeProperties = new NodeProperties
            {
                NumNodes = nodes,
                MainNode = 0,
                NodeRangeProperties = [new NodeRangeProperty
                {
                    TargetNodes = "0:",
                    Container = new ContainerProperties { Image = "none", Command = ["run"], Vcpus = 1, Memory = 4 },
                }],
            },
        },
        Token);

    private static SubmitJobRequest MultiNode(string definition, int nodes) =>
        Request() with { JobDefinition = definition, ContainerOverrides = null, NodeOverrides = new NodeOverrides { NumNodes = nodes } };

    private static CreateComputeEnvironmentRequest Environment(string name, int least, int desired, int most) => new()
    {
        ComputeEnvironmentName = name,
        Type = CEType.Managed,
        ComputeResources = new ComputeResource
        {
            Type = CRType.Ec2,
            MinvCpus = least,
            DesiredvCpus = desired,
            MaxvCpus = most,
            Subnets = ["subnet-1"],
            SecurityGroupIds = ["sg-1"],
            InstanceTypes = ["optimal"],
            InstanceRole = "role",
            AllocationStrategy = CRAllocationStrategy.BestFitProgressive,
        },
    };
}
