using System.Text.Json.Nodes;
using Refrag.Aws.Batch;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>
/// What AWS takes and answers where its model says otherwise or nothing. The answers are those that users published of describe-jobs,
/// describe-job-definitions, describe-job-queues and describe-compute-environments, and what Terraform's acceptance tests assert at AWS.
/// </summary>
public sealed class AwsAnswersTests : ServedBatchTest
{
    // Airflow and miniwdl-aws send empty tags by default.
    [Fact]
    public async Task EmptyTags_AreNone()
    {
        await Ok(BatchOperations.RegisterJobDefinition, Definition(Container, """ "tags": {} """));
        await Ok(BatchOperations.SubmitJob, Job(""" "tags": {} """));
        await Ok(BatchOperations.CreateComputeEnvironment, Environment("tagged", Ec2, """ "tags": {} """));
        await Ok(
            BatchOperations.CreateJobQueue,
            """
            {"jobQueueName": "q", "priority": 1, "tags": {}, "computeEnvironmentOrder": [{"order": 1, "computeEnvironment": "tagged"}]}
            """);
        await Ok(BatchOperations.CreateSchedulingPolicy, """{"name": "p", "tags": {}}""");
        await Ok(
            BatchOperations.CreateConsumableResource, """{"consumableResourceName": "c", "totalQuantity": 1, "tags": {}}""");
        await Ok(BatchOperations.TagResource, """{"tags": {}}""", "/v1/tags/arn%3Aaws%3Abatch%3Aus-east-1%3A000000000000%3Ajob-queue%2Fq");
    }

    [Fact]
    public async Task Definition_DescribedAsAwsDoes_HasEmptyListsAndNoPlatform()
    {
        await Ok(
            BatchOperations.RegisterJobDefinition,
            Definition(Container[..^1] + """, "linuxParameters": {}, "logConfiguration": {"logDriver": "awslogs"}}""",
                """ "retryStrategy": {"attempts": 3} """));
        JsonObject one = await First(BatchOperations.DescribeJobDefinitions, """{"jobDefinitionName": "def"}""", "jobDefinitions");
        Assert.False(one.ContainsKey("platformCapabilities"));
        AssertEmpty(one, "parameters", "tags");
        AssertEmpty(one["retryStrategy"]!, "evaluateOnExit");
        JsonNode container = one["containerProperties"]!;
        AssertEmpty(container, "command", "volumes", "environment", "mountPoints", "ulimits", "secrets");
        AssertEmpty(container["linuxParameters"]!, "devices", "tmpfs");
        AssertEmpty(container["logConfiguration"]!, "options", "secretOptions");
    }

    // Terraform's acceptance test of job definitions gives RETRY and exit, and after an import expects another case for the first alone.
    [Fact]
    public async Task RetryActions_InAnyCase_AreAnsweredInLowerCase()
    {
        const string Strategy = """
            "retryStrategy": {"attempts": 3, "evaluateOnExit":
                [{"onStatusReason": "Host EC2*", "action": "RETRY"}, {"onReason": "*", "action": "Exit"}]}
            """;
        await Ok(BatchOperations.RegisterJobDefinition, Definition(Container, Strategy));
        string id = (string)(await Ok(BatchOperations.SubmitJob, Job()))["jobId"]!;
        JsonObject[] described =
        [
            await First(BatchOperations.DescribeJobDefinitions, """{"jobDefinitionName": "def"}""", "jobDefinitions"),
            await First(BatchOperations.DescribeJobs, $$"""{"jobs": ["{{id}}"]}""", "jobs"),
        ];
        Assert.All(described, one => Assert.Equal(
            ["retry", "exit"], one["retryStrategy"]!["evaluateOnExit"]!.AsArray().Select(entry => (string)entry!["action"]!)));
    }

    [Fact]
    public async Task Job_DescribedAsAwsDoes_HasEmptyCollections()
    {
        await Ok(BatchOperations.RegisterJobDefinition, Definition(Container));
        string id = (string)(await Ok(BatchOperations.SubmitJob, Job()))["jobId"]!;
        JsonObject job = await First(BatchOperations.DescribeJobs, $$"""{"jobs": ["{{id}}"]}""", "jobs");
        // It may have run by now.
        Assert.IsType<JsonArray>(job["attempts"]);
        AssertEmpty(job, "dependsOn", "parameters", "tags", "platformCapabilities", "eksAttempts");
        AssertEmpty(job["container"]!, "volumes", "environment", "mountPoints", "ulimits", "networkInterfaces", "secrets");
    }

    [Fact]
    public async Task Queue_DescribedAsAwsDoes_HasEmptyListsAndItsEnvironmentsAsGiven()
    {
        await Ok(BatchOperations.CreateComputeEnvironment, Environment("a", Ec2));
        await Ok(BatchOperations.CreateComputeEnvironment, Environment("b", Ec2));
        await Ok(
            BatchOperations.CreateJobQueue,
            """
            {"jobQueueName": "q", "priority": 1, "computeEnvironmentOrder": [{"order": 2, "computeEnvironment": "a"},
             {"order": 1, "computeEnvironment": "b"}]}
            """);
        JsonObject queue = await First(BatchOperations.DescribeJobQueues, """{"jobQueues": ["q"]}""", "jobQueues");
        AssertEmpty(queue, "jobStateTimeLimitActions", "serviceEnvironmentOrder", "tags");
        Assert.Equal([2, 1], queue["computeEnvironmentOrder"]!.AsArray().Select(one => (int)one!["order"]!));
    }

    [Theory]
    [InlineData("\"c6i.large\"", "ECS_AL2023")]
    [InlineData("\"optimal\"", "ECS_AL2023")]
    [InlineData("\"g4dn.xlarge\"", "ECS_AL2023_NVIDIA")]
    [InlineData("\"c6i.large\", \"g4dn.xlarge\"", "ECS_AL2023")]
    public async Task Environment_WithoutImage_AnswersTheDefault(string types, string image)
    {
        string resources = Ec2.Replace("\"c6i.large\"", types, StringComparison.Ordinal);
        await Ok(
            BatchOperations.CreateComputeEnvironment,
            Environment("plain", resources[..^1] + """, "launchTemplate": {"launchTemplateName": "t"}}""", """ "serviceRole": "" """));
        JsonObject one = await Described("plain");
        JsonNode made = one["computeResources"]!;
        Assert.Equal($$"""[{"imageType":"{{image}}"}]""", made["ec2Configuration"]!.ToJsonString());
        Assert.Equal("""{"launchTemplateName":"t","overrides":[]}""", made["launchTemplate"]!.ToJsonString());
        AssertEmpty(made, "tags");
        AssertEmpty(one, "tags");
        Assert.EndsWith("/AWSServiceRoleForBatch", (string)one["serviceRole"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("machine", null)]
    [InlineData("gpus", "ECS_AL2023_NVIDIA")]
    public async Task Environment_ThatWasThereFromTheStart_IsWhole(string name, string? image)
    {
        JsonObject one = await Described(name);
        string uuid = (string)one["uuid"]!;
        Assert.Equal($"arn:aws:ecs:us-east-1:000000000000:cluster/AWSBatch-{name}-{uuid}", (string)one["ecsClusterArn"]!);
        Assert.EndsWith("/AWSServiceRoleForBatch", (string)one["serviceRole"]!, StringComparison.Ordinal);
        Assert.Equal(image, (string?)one["computeResources"]?["ec2Configuration"]?[0]!["imageType"]);
    }

    // Terraform's provider takes these in any case and sends them as written.
    [Fact]
    public async Task Enumerations_InAnyCase_AreAnsweredInTheModels()
    {
        string resources = Ec2[..^1].Replace("\"EC2\"", "\"ec2\"", StringComparison.Ordinal) + """, "allocationStrategy": "Best_Fit"}""";
        await Ok(
            BatchOperations.CreateComputeEnvironment,
            Environment("cased", resources, """ "state": "enabled" """).Replace("MANAGED", "managed", StringComparison.Ordinal));
        JsonObject one = await Described("cased");
        Assert.Equal(
            ("MANAGED", "ENABLED", "EC2", "BEST_FIT"),
            ((string?)one["type"], (string?)one["state"], (string?)one["computeResources"]!["type"],
                (string?)one["computeResources"]!["allocationStrategy"]));
        await Ok(
            BatchOperations.RegisterJobDefinition,
            Definition(Container.Replace("VCPU", "vcpu", StringComparison.Ordinal), """ "platformCapabilities": ["ec2"] """)
                .Replace("\"container\"", "\"Container\"", StringComparison.Ordinal));
        JsonObject definition = await First(BatchOperations.DescribeJobDefinitions, """{"jobDefinitionName": "def"}""", "jobDefinitions");
        Assert.Equal(("container", "EC2"), ((string?)definition["type"], (string?)definition["platformCapabilities"]![0]));
        Answer unknown = await Ask(
            BatchOperations.CreateComputeEnvironment, Environment("no", Ec2).Replace("\"EC2\"", "\"EC3\"", StringComparison.Ordinal));
        Assert.Contains("EC3", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PropagateTags_OfPods_MayBeFalse()
    {
        string pod = """
            {"jobDefinitionName": "pod", "type": "container", "propagateTags": false,
             "eksProperties": {"podProperties": {"containers": [{"image": "busybox"}]}}}
            """;
        await Ok(BatchOperations.RegisterJobDefinition, pod);
        Answer refused = await Ask(
            BatchOperations.RegisterJobDefinition, pod.Replace("false", "true", StringComparison.Ordinal));
        Assert.True(ServedEngine.IsRefused(refused), refused.ToString());
    }

    // aws-cli#2551 quotes AWS's answer.
    [Fact]
    public async Task Ending_AnUnknownJob_Succeeds()
    {
        const string Body = """{"jobId": "876da822-4198-45f2-a252-6cea32512ea8", "reason": "test"}""";
        Assert.Equal("{}", (await Ok(BatchOperations.TerminateJob, Body)).ToJsonString());
        Assert.Equal("{}", (await Ok(BatchOperations.CancelJob, Body)).ToJsonString());
    }

    // Programs in production write it so, moto's tests too.
    [Fact]
    public async Task Sequential_WithAJob_IsAPlainDependency()
    {
        await Ok(BatchOperations.RegisterJobDefinition, Definition(Container));
        string first = (string)(await Ok(BatchOperations.SubmitJob, Job()))["jobId"]!;
        string depends = $$""" "dependsOn": [{"jobId": "{{first}}", "type": "SEQUENTIAL"}] """;
        await Ok(BatchOperations.SubmitJob, Job(depends));
        await Ok(BatchOperations.SubmitJob, Job(depends + """, "arrayProperties": {"size": 2} """));
    }

    // What clients match: batchit#13, aws-genomics-workflows#84, and Terraform's provider.
    [Fact]
    public async Task Messages_ThatClientsMatch_AreAwss()
    {
        await Ok(BatchOperations.RegisterJobDefinition, Definition(Container));
        await AssertRefused(
            BatchOperations.SubmitJob, Job().Replace(Queue, "nowhere", StringComparison.Ordinal), "JobQueue nowhere not found");
        await AssertRefused(
            BatchOperations.SubmitJob, Job().Replace("\"def\"", "\"nothing\"", StringComparison.Ordinal),
            "JobDefinition name nothing does not exist or is not in ACTIVE status");
        await Ok(BatchOperations.CreateComputeEnvironment, Environment("once", Ec2));
        await AssertRefused(BatchOperations.CreateComputeEnvironment, Environment("once", Ec2), "Object already exists");
        await AssertRefused(BatchOperations.DeleteComputeEnvironment, """{"computeEnvironment": "once"}""", "must be DISABLED");
    }
}
