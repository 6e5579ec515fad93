using System.Text.Json.Nodes;
using Refrag.Aws.Batch;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>
/// What AWS refuses and its model allows, with AWS's own words where a user published them; the source stands beside each. A rehearsal that
/// lets it pass ends at AWS.
/// </summary>
public sealed class AwsRefusalsTests : ServedBatchTest
{
    private const string Runs =
        """
        {"image": "i", "command": ["true"], "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}]}
        """;

    private const string Fargate = """ "platformCapabilities": ["FARGATE"] """;

    [Theory]
    // ASFHyP3/hyp3#586, and API ContainerProperties.vcpus and memory: both must be given.
    [InlineData("""{"image": "i", "memory": 64}""", "vCPU is not provided")]
    [InlineData("""{"image": "i", "vcpus": 1}""", "memory is not provided")]
    [InlineData("""{"image": "i", "resourceRequirements": [{"type": "GPU", "value": "1"}]}""", "vCPU is not provided")]
    // kestra-io/plugin-aws#504; API ResourceRequirement: at least one vCPU on EC2.
    [InlineData("""{"image": "i", "memory": 64, "resourceRequirements": [{"type": "VCPU", "value": "1.0"}]}""", "1.0")]
    [InlineData("""{"image": "i", "memory": 64, "resourceRequirements": [{"type": "VCPU", "value": "0.5"}]}""", "0.5")]
    // kislyuk/aegea#49 and boto3#3612.
    [InlineData("""{"image": "i", "vcpus": 1, "memory": 64, "command": ["a", ""]}""", "Command field cannot have empty strings")]
    [InlineData("""{"image": "i", "vcpus": 1, "memory": 64, "environment": [{"value": "v"}]}""", "environment[0].name")]
    [InlineData("""{"image": "i", "vcpus": 1, "memory": 64, "environment": [{"name": "", "value": "v"}]}""", "environment[0].name")]
    // API ContainerProperties: jobs on EC2 must not specify this parameter.
    [InlineData("""{"image": "i", "vcpus": 1, "memory": 64, "networkConfiguration": {}}""", "networkConfiguration")]
    [InlineData("""{"image": "i", "vcpus": 1, "memory": 64, "fargatePlatformConfiguration": {}}""", "fargatePlatformConfiguration")]
    public async Task Definition_OfEc2(string container, string message)
    {
        await AssertRefused(BatchOperations.RegisterJobDefinition, Definition(container), message);
        await AssertRefused(
            BatchOperations.RegisterJobDefinition,
            $$"""
            {"jobDefinitionName": "nodes", "type": "multinode", "nodeProperties": {"numNodes": 2, "mainNode": 0,
             "nodeRangeProperties": [{"targetNodes": "0:", "container": {{container}} }]} }
            """,
            message);
    }

    [Theory]
    [InlineData("""{"command": ["a", ""]}""", "Command field cannot have empty strings")]
    [InlineData("""{"environment": [{"value": "v"}]}""", "environment[0].name")]
    public async Task Task_WithTheSameFaults(string container, string message)
    {
        string sized = container[..^1]
            + """, "image": "i", "resourceRequirements": [{"type": "VCPU", "value": "1"}, {"type": "MEMORY", "value": "64"}]}""";
        await AssertRefused(
            BatchOperations.RegisterJobDefinition,
            $$"""
            {"jobDefinitionName": "task", "type": "container", "ecsProperties": {"taskProperties": [{"containers": [{{sized}}]}]} }
            """,
            message);
    }

    [Theory]
    // API ResourceRequirement.value: the sizes of Fargate.
    [InlineData("0.25", "4096", "", "no size")]
    [InlineData("3", "8192", "", "no size")]
    [InlineData("1", "2000", "", "no size")]
    [InlineData("16", "30720", "", "no size")]
    // insitro/redun#95.
    [InlineData("1", "2048", ", \"vcpus\": 1", "vcpus is not applicable for Fargate")]
    [InlineData("1", "2048", ", \"memory\": 2048", "memory is not applicable for Fargate")]
    // API ContainerProperties, LinuxParameters, Host, LogConfiguration.
    [InlineData("1", "2048", ", \"privileged\": true", "privileged")]
    [InlineData("1", "2048", ", \"ulimits\": [{\"name\": \"nofile\", \"hardLimit\": 1, \"softLimit\": 1}]", "ulimits")]
    [InlineData("1", "2048", ", \"instanceType\": \"m5.large\"", "instanceType")]
    [InlineData("1", "2048", ", \"linuxParameters\": {\"sharedMemorySize\": 64}", "sharedMemorySize")]
    [InlineData("1", "2048", ", \"linuxParameters\": {\"maxSwap\": 64}", "maxSwap")]
    [InlineData("1", "2048", ", \"volumes\": [{\"name\": \"v\", \"host\": {\"sourcePath\": \"/tmp\"}}]", "sourcePath")]
    [InlineData("1", "2048", ", \"logConfiguration\": {\"logDriver\": \"syslog\"}", "log driver syslog")]
    public async Task Definition_OfFargate(string vCpus, string memory, string more, string message) =>
        await AssertRefused(BatchOperations.RegisterJobDefinition, Definition(OnFargate(vCpus, memory, more), Fargate), message);

    [Theory]
    [InlineData("0.25", "512")]
    [InlineData("8", "61440")]
    [InlineData("16", "122880")]
    public async Task Definition_OfFargateWithASizeOfTheTable_IsTaken(string vCpus, string memory) =>
        await Ok(BatchOperations.RegisterJobDefinition, Definition(OnFargate(vCpus, memory), Fargate));

    [Theory]
    [InlineData("""{"type": "GPU", "value": "1"}""", "there are no GPUs on Fargate")]
    [InlineData("""{"type": "MEMORY", "value": "16384"}""", "no size")]
    public async Task Override_OnFargate(string requirement, string message)
    {
        await Ok(BatchOperations.RegisterJobDefinition, Definition(OnFargate("1", "2048"), Fargate));
        await AssertRefused(
            BatchOperations.SubmitJob,
            $$"""
            {"jobName": "job", "jobQueue": "{{Queue}}", "jobDefinition": "def",
             "containerOverrides": {"command": ["true"], "resourceRequirements": [{{requirement}}]} }
            """,
            message);
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("0.5")]
    public async Task Override_OnEc2(string vCpus)
    {
        await Ok(BatchOperations.RegisterJobDefinition, Definition(Container));
        await AssertRefused(
            BatchOperations.SubmitJob,
            $$"""
            {"jobName": "job", "jobQueue": "{{Queue}}", "jobDefinition": "def",
             "containerOverrides": {"command": ["true"], "resourceRequirements": [{"type": "VCPU", "value": "{{vCpus}}"}]} }
            """,
            $"Value {vCpus} for type VCPU in resourceRequirement is not valid");
    }

    // nextflow#3505 and terraform-provider-aws#31226.
    [Fact]
    public async Task Share_WithoutPriority()
    {
        string policy = (string)(await Ok(
            BatchOperations.CreateSchedulingPolicy, """{"name": "fair", "fairsharePolicy": {"shareDistribution": []}}"""))["arn"]!;
        await Ok(BatchOperations.CreateComputeEnvironment, Environment("env", Ec2));
        await Ok(
            BatchOperations.CreateJobQueue,
            $$"""
            {"jobQueueName": "shared", "priority": 1, "schedulingPolicyArn": "{{policy}}",
             "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "env"}]}
            """);
        await Ok(BatchOperations.RegisterJobDefinition, Definition(Container));
        string Shared(string more) => Job(""" "shareIdentifier": "red" """ + more).Replace(Queue, "shared", StringComparison.Ordinal);
        await AssertRefused(
            BatchOperations.SubmitJob, Shared(""),
            "Either schedulingPriority in job definition or schedulingPriorityOverride is required");
        await AssertRefused(BatchOperations.SubmitJob, Job().Replace(Queue, "shared", StringComparison.Ordinal), "shareIdentifier");
        await Ok(BatchOperations.SubmitJob, Shared(""", "schedulingPriorityOverride": 0 """));
        await Ok(BatchOperations.RegisterJobDefinition, Definition(Container, """ "schedulingPriority": 0 """));
        await Ok(BatchOperations.SubmitJob, Shared(""));
    }

    [Theory]
    // UG tag-restrictions.
    [InlineData("aws:thing", "v")]
    [InlineData("AWS:thing", "v")]
    [InlineData("a#b", "v")]
    [InlineData("a", "x;y")]
    [InlineData("a", "{}")]
    [InlineData("a", "aws:x")]
    public async Task Tags_ThatNoResourceCanHave(string key, string value)
    {
        string tags = new JsonObject { ["tags"] = new JsonObject { [key] = value } }.ToJsonString()[1..^1];
        await AssertRefused(BatchOperations.RegisterJobDefinition, Definition(Container, tags), "letters, digits, spaces");
        await AssertRefused(BatchOperations.SubmitJob, Job(tags), "letters, digits, spaces");
        await AssertRefused(BatchOperations.CreateComputeEnvironment, Environment("env", Ec2, tags), "letters, digits, spaces");
    }

    // API ComputeResource.instanceTypes, CreateJobQueue.computeEnvironmentOrder.
    [Fact]
    public async Task Architectures_Mixed()
    {
        string Of(string types) => Ec2.Replace("\"c6i.large\"", types, StringComparison.Ordinal);
        await AssertRefused(
            BatchOperations.CreateComputeEnvironment, Environment("mixed", Of("\"c6i.large\", \"c6g.large\"")), "one architecture");
        await Ok(BatchOperations.CreateComputeEnvironment, Environment("intel", Of("\"c6i.large\", \"m6i\"")));
        await Ok(BatchOperations.CreateComputeEnvironment, Environment("graviton", Of("\"c6g.large\"")));
        await AssertRefused(
            BatchOperations.CreateJobQueue,
            """
            {"jobQueueName": "q", "priority": 1, "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "intel"},
             {"order": 2, "computeEnvironment": "graviton"}]}
            """,
            "architectures");
    }

    // API NodeProperties.nodeRangeProperties: the ranges must account for all nodes.
    [Theory]
    [InlineData(new[] { "0:1", "3" }, "node 2")]
    [InlineData(new[] { "1:" }, "node 0")]
    [InlineData(new[] { "0:9" }, "0:9")]
    public async Task Nodes_WithAGap(string[] ranges, string message) =>
        await AssertRefused(BatchOperations.RegisterJobDefinition, Nodes(4, ranges), message);

    // aws-parallelcluster#964 quotes the message.
    [Fact]
    public async Task NodeOverrides_OfOtherNodes()
    {
        await Ok(BatchOperations.RegisterJobDefinition, Nodes(4, "0", "1:"));
        string Of(string targets) =>
            $$"""
            {"jobName": "job", "jobQueue": "{{Queue}}", "jobDefinition": "nodes", "nodeOverrides": {"nodePropertyOverrides":
             [{"targetNodes": "{{targets}}", "containerOverrides": {"command": ["true"]} }]} }
            """;
        await AssertRefused(
            BatchOperations.SubmitJob, Of("0:3"), "NodeOverride targets should match job definition. Non matching targets - 0:3");
        await Ok(BatchOperations.SubmitJob, Of("1:"));
    }

    // Secrets Manager is not here: the job would run without what it needs.
    [Fact]
    public async Task Secrets_OfAProcess()
    {
        await Ok(
            BatchOperations.RegisterJobDefinition,
            Definition(Container[..^1] + """, "secrets": [{"name": "S", "valueFrom": "arn:aws:secretsmanager:us-east-1:1:secret:s"}]}"""));
        await AssertRefused(BatchOperations.SubmitJob, Job(), "secrets");
    }

    // API ContainerOverrides.vcpus and memory: they don't override what resourceRequirements of the definition say.
    [Fact]
    public async Task OldOverrides_OfRequirements_AreIgnored()
    {
        await Ok(BatchOperations.RegisterJobDefinition, Definition(Container));
        await Ok(
            BatchOperations.RegisterJobDefinition,
            Definition("""{"image": "i", "vcpus": 1, "memory": 64}""").Replace("\"def\"", "\"old\"", StringComparison.Ordinal));
        await Ok(BatchOperations.RegisterJobDefinition, Nodes(2, "0:"));
        const string More = """ "vcpus": 2, "memory": 128 """;
        Assert.Equal(("64", "1"), await Sizes(Job().Replace("""["true"]""", """["true"],""" + More, StringComparison.Ordinal)));
        Assert.Equal(
            ("128", "2"),
            await Sizes(
                Job().Replace("""["true"]""", """["true"],""" + More, StringComparison.Ordinal)
                    .Replace("\"def\"", "\"old\"", StringComparison.Ordinal)));
        Assert.Equal(
            ("64", "1"),
            await Sizes(
                $$"""
                {"jobName": "job", "jobQueue": "{{Queue}}", "jobDefinition": "nodes", "nodeOverrides": {"nodePropertyOverrides":
                 [{"targetNodes": "0:", "containerOverrides": {"command": ["true"], {{More}} } }]} }
                """,
                "#0"));
    }

    private async Task<(string Memory, string VCpus)> Sizes(string job, string node = "")
    {
        string id = (string)(await Ok(BatchOperations.SubmitJob, job))["jobId"]!;
        JsonObject described = await First(BatchOperations.DescribeJobs, $$"""{"jobs": ["{{id}}{{node}}"]}""", "jobs");
        JsonNode container = described["container"]!;
        Dictionary<string, string> sizes = container["resourceRequirements"]!.AsArray()
            .ToDictionary(one => (string)one!["type"]!, one => (string)one!["value"]!);
        // A job that has its sizes from the old fields is described by them.
        return (sizes.GetValueOrDefault("MEMORY") ?? container["memory"]!.ToString(),
            sizes.GetValueOrDefault("VCPU") ?? container["vcpus"]!.ToString());
    }

    private static string OnFargate(string vCpus, string memory, string more = "") =>
        $$"""
        {"image": "i", "executionRoleArn": "arn:aws:iam::000000000000:role/run", "resourceRequirements":
         [{"type": "VCPU", "value": "{{vCpus}}"}, {"type": "MEMORY", "value": "{{memory}}"}]{{more}} }
        """;

    private static string Nodes(int count, params string[] ranges)
    {
        string list = string.Join(',', ranges.Select(range => $$"""{"targetNodes": "{{range}}", "container": {{Runs}} }"""));
        return $$"""
            {"jobDefinitionName": "nodes", "type": "multinode", "nodeProperties": {"numNodes": {{count}}, "mainNode": 0,
             "nodeRangeProperties": [{{list}}]} }
            """;
    }
}
