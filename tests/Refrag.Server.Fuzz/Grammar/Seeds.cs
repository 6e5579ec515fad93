using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;

namespace Refrag.Server.Fuzz.Grammar;

/// <summary>
/// Requests that the server accepts, for the operations whose members depend on each other: a request made at random seldom gets that far.
/// <c>$queue</c> and its like stand for something learned, <c>$name</c> for a name.
/// </summary>
internal static class Seeds
{
    private static readonly Dictionary<string, string[]> s_seeds = new(StringComparer.Ordinal)
    {
        ["CreateComputeEnvironment"] =
        [
            """{"computeEnvironmentName":"$name","type":"MANAGED","serviceRole":"arn:aws:iam::000000000000:role/b","computeResources":{"type":"EC2","allocationStrategy":"BEST_FIT_PROGRESSIVE","minvCpus":0,"maxvCpus":16,"instanceTypes":["c6i.xlarge"],"subnets":["subnet-1"],"securityGroupIds":["sg-1"],"instanceRole":"arn:aws:iam::000000000000:instance-profile/b"}}""",
            """{"computeEnvironmentName":"$name","type":"MANAGED","serviceRole":"arn:aws:iam::000000000000:role/b","computeResources":{"type":"SPOT","allocationStrategy":"SPOT_CAPACITY_OPTIMIZED","minvCpus":0,"maxvCpus":64,"desiredvCpus":0,"instanceTypes":["m6i.large","g5.xlarge"],"subnets":["subnet-1"],"securityGroupIds":["sg-1"],"instanceRole":"arn:aws:iam::000000000000:instance-profile/b","tags":{"a":"b"}}}""",
            """{"computeEnvironmentName":"$name","type":"MANAGED","computeResources":{"type":"FARGATE","maxvCpus":16,"subnets":["subnet-1"],"securityGroupIds":["sg-1"]}}""",
            """{"computeEnvironmentName":"$name","type":"UNMANAGED","serviceRole":"arn:aws:iam::000000000000:role/b","unmanagedvCpus":4}""",
        ],
        ["UpdateComputeEnvironment"] = ["""{"computeEnvironment":"$environment","computeResources":{"maxvCpus":32,"minvCpus":0}}""",
            """{"computeEnvironment":"$environment","state":"DISABLED"}"""],
        ["DeleteComputeEnvironment"] = ["""{"computeEnvironment":"$environment"}"""],
        ["CreateJobQueue"] =
        [
            """{"jobQueueName":"$name","priority":1,"state":"ENABLED","computeEnvironmentOrder":[{"order":1,"computeEnvironment":"$environment"}]}""",
            """{"jobQueueName":"$name","priority":5,"state":"ENABLED","schedulingPolicyArn":"$policy","computeEnvironmentOrder":[{"order":1,"computeEnvironment":"$environment"},{"order":2,"computeEnvironment":"$environment"}],"tags":{"a":"b"}}""",
            """{"jobQueueName":"$name","priority":1,"state":"ENABLED","jobQueueType":"SAGEMAKER_TRAINING","serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"$service"}]}""",
            """{"jobQueueName":"$name","priority":1,"state":"ENABLED","jobQueueType":"SAGEMAKER_TRAINING","schedulingPolicyArn":"$policy","serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"$service"}]}""",
            """{"jobQueueName":"$name","priority":1,"state":"ENABLED","computeEnvironmentOrder":[{"order":1,"computeEnvironment":"$environment"}],"jobStateTimeLimitActions":[{"action":"CANCEL","maxTimeSeconds":600,"reason":"MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT","state":"RUNNABLE"}]}""",
        ],
        ["UpdateJobQueue"] = ["""{"jobQueue":"$queue","priority":3}""", """{"jobQueue":"$queue","state":"DISABLED"}""",
            """{"jobQueue":"$queue","state":"ENABLED"}""", """{"jobQueue":"$queue","schedulingPolicyArn":"$policy"}"""],
        ["CreateSchedulingPolicy"] =
        [
            """{"name":"$name","fairsharePolicy":{"shareDecaySeconds":600,"computeReservation":1,"shareDistribution":[{"shareIdentifier":"red","weightFactor":0.5},{"shareIdentifier":"blue*"}]}}""",
            """{"name":"$name","quotaSharePolicy":{"idleResourceAssignmentStrategy":"FIFO"}}""",
        ],
        ["CreateConsumableResource"] = ["""{"consumableResourceName":"$name","resourceType":"REPLENISHABLE","totalQuantity":5}""",
            """{"consumableResourceName":"$name","resourceType":"NON_REPLENISHABLE","totalQuantity":1000000}"""],
        ["UpdateConsumableResource"] = ["""{"consumableResource":"$resource","operation":"ADD","quantity":3}""",
            """{"consumableResource":"$resource","operation":"SET","quantity":9}""",
            """{"consumableResource":"$resource","operation":"REMOVE","quantity":1}"""],
        ["CreateServiceEnvironment"] = ["""{"serviceEnvironmentName":"$name","serviceEnvironmentType":"SAGEMAKER_TRAINING","capacityLimits":[{"maxCapacity":4,"capacityUnit":"NUM_INSTANCES"}]}"""],
        ["UpdateServiceEnvironment"] = ["""{"serviceEnvironment":"$service","capacityLimits":[{"maxCapacity":5,"capacityUnit":"NUM_INSTANCES"}]}""", """{"serviceEnvironment":"$service","state":"DISABLED"}"""],
        ["CreateQuotaShare"] = ["""{"quotaShareName":"$name","jobQueue":"$queue","capacityLimits":[{"maxCapacity":2,"capacityUnit":"ml.m5.large"}],"resourceSharingConfiguration":{"strategy":"LEND_AND_BORROW","borrowLimit":50},"preemptionConfiguration":{"inSharePreemption":"ENABLED"},"state":"ENABLED"}"""],
        ["UpdateQuotaShare"] = ["""{"quotaShareArn":"$share","capacityLimits":[{"maxCapacity":3,"capacityUnit":"ml.m5.large"}]}""",
            """{"quotaShareArn":"$share","state":"DISABLED"}"""],
        ["RegisterJobDefinition"] =
        [
            """{"jobDefinitionName":"$name","type":"container","containerProperties":{"image":"busybox","command":["true"],"resourceRequirements":[{"type":"VCPU","value":"0.25"},{"type":"MEMORY","value":"16"}],"environment":[{"name":"REFRAG_SIM_SECONDS","value":"0.01"}]}}""",
            """{"jobDefinitionName":"$name","type":"container","parameters":{"a":"b"},"retryStrategy":{"attempts":3,"evaluateOnExit":[{"onExitCode":"1*","action":"RETRY"},{"onReason":"*","action":"EXIT"}]},"timeout":{"attemptDurationSeconds":60},"containerProperties":{"image":"busybox","vcpus":1,"memory":64,"command":["echo","Ref::a"],"environment":[{"name":"REFRAG_SIM_EXIT_CODE","value":"1"},{"name":"REFRAG_SIM_OUTPUT","value":"a line"}],"volumes":[{"name":"data","host":{"sourcePath":"/tmp"}}],"mountPoints":[{"containerPath":"/data","sourceVolume":"data"}]},"propagateTags":true,"tags":{"a":"b"}}""",
            """{"jobDefinitionName":"$name","type":"multinode","nodeProperties":{"numNodes":3,"mainNode":0,"nodeRangeProperties":[{"targetNodes":"0:","container":{"image":"busybox","command":["true"],"vcpus":1,"memory":64}}]}}""",
            """{"jobDefinitionName":"$name","type":"container","ecsProperties":{"taskProperties":[{"containers":[{"name":"main","image":"busybox","command":["true"],"essential":true,"dependsOn":[{"containerName":"init","condition":"SUCCESS"}],"resourceRequirements":[{"type":"VCPU","value":"0.5"},{"type":"MEMORY","value":"16"}]},{"name":"init","image":"busybox","command":["true"],"essential":false,"stopTimeout":5,"resourceRequirements":[{"type":"VCPU","value":"0.5"},{"type":"MEMORY","value":"16"}]}]}]}}""",
            """{"jobDefinitionName":"$name","type":"container","eksProperties":{"podProperties":{"hostNetwork":true,"containers":[{"name":"main","image":"busybox","command":["true"],"resources":{"limits":{"cpu":"1","memory":"64Mi"}}}]}}}""",
            """{"jobDefinitionName":"$name","type":"container","consumableResourceProperties":{"consumableResourceList":[{"consumableResource":"$resource","quantity":1}]},"containerProperties":{"image":"busybox","vcpus":1,"memory":16}}""",
        ],
        ["SubmitJob"] =
        [
            """{"jobName":"$name","jobQueue":"$queue","jobDefinition":"$definition"}""",
            """{"jobName":"$name","jobQueue":"$queue","jobDefinition":"$definition","containerOverrides":{"command":["true"],"environment":[{"name":"REFRAG_SIM_SECONDS","value":"0.05"},{"name":"REFRAG_SIM_EXIT_CODE","value":"3"}],"resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"16"}]},"retryStrategy":{"attempts":2},"timeout":{"attemptDurationSeconds":60}}""",
            """{"jobName":"$name","jobQueue":"$queue","jobDefinition":"$definition","arrayProperties":{"size":4},"containerOverrides":{"environment":[{"name":"REFRAG_SIM_SECONDS","value":"0"}]},"dependsOn":[{"type":"SEQUENTIAL"}]}""",
            """{"jobName":"$name","jobQueue":"$queue","jobDefinition":"$definition","dependsOn":[{"jobId":"$job"}],"tags":{"a":"b"},"propagateTags":true}""",
            """{"jobName":"$name","jobQueue":"$queue","jobDefinition":"$definition","shareIdentifier":"red","schedulingPriorityOverride":7}""",
            """{"jobName":"$name","jobQueue":"$queue","jobDefinition":"$definition","nodeOverrides":{"numNodes":2,"nodePropertyOverrides":[{"targetNodes":"0:1","containerOverrides":{"command":["true"]}}]}}""",
            """{"jobName":"$name","jobQueue":"$queue","jobDefinition":"$definition","consumableResourcePropertiesOverride":{"consumableResourceList":[{"consumableResource":"$resource","quantity":1}]}}""",
        ],
        ["SubmitServiceJob"] =
        [
            """{"jobName":"$name","jobQueue":"$queue","serviceJobType":"SAGEMAKER_TRAINING","serviceRequestPayload":"{\"TrainingJobName\":\"t\",\"ResourceConfig\":{\"InstanceType\":\"ml.m5.large\",\"InstanceCount\":1}}"}""",
            """{"jobName":"$name","jobQueue":"$queue","serviceJobType":"SAGEMAKER_TRAINING","serviceRequestPayload":"{\"TrainingJobName\":\"t\",\"ResourceConfig\":{\"InstanceType\":\"ml.m5.large\",\"InstanceCount\":1}}","quotaShareName":"$share","retryStrategy":{"attempts":2},"timeoutConfig":{"attemptDurationSeconds":60}}""",
        ],
        ["ListJobs"] =
        [
            """{"jobQueue":"$queue","jobStatus":"RUNNABLE"}""",
            """{"jobQueue":"$queue","filters":[{"name":"JOB_NAME","values":["fuzz-*"]}],"maxResults":50}""", """{"arrayJobId":"$job"}""",
            """{"multiNodeJobId":"$job"}""",
        ],
        ["DescribeJobs"] = ["""{"jobs":["$job","$job"]}"""],
        ["DescribeJobDefinitions"] = ["""{"jobDefinitionName":"$definition","status":"ACTIVE"}""",
            """{"jobDefinitions":["$definition"]}"""],
    };

    /// <summary>
    /// The operations whose seeds, in this order, create something of each kind. Requests sent now and then so keep the others deep: a
    /// random request deletes what another has created.
    /// </summary>
    public static IReadOnlyList<AwsOperation> Foundation { get; } =
    [
        BatchOperations.CreateSchedulingPolicy, BatchOperations.CreateComputeEnvironment, BatchOperations.CreateConsumableResource,
        BatchOperations.CreateServiceEnvironment,
        BatchOperations.CreateJobQueue, BatchOperations.CreateQuotaShare, BatchOperations.RegisterJobDefinition,
    ];

    /// <summary>A request of an operation, with its placeholders resolved; null if the operation has no seeds.</summary>
    public static JsonObject? Make(AwsOperation operation, Random chance, Vocabulary words)
    {
        if (!s_seeds.TryGetValue(operation.Name, out string[]? seeds)) return null;
        JsonNode body = JsonNode.Parse(seeds[chance.Next(seeds.Length)])!;
        Resolve(body, words);
        return body.AsObject();
    }

    private static void Resolve(JsonNode node, Vocabulary words)
    {
        if (node is JsonObject structure)
        {
            foreach ((string name, JsonNode? value) in structure.ToArray()) Replace(value, words, made => structure[name] = made);
        }
        if (node is not JsonArray list) return;
        for (int i = 0; i < list.Count; i++)
        {
            int at = i;
            Replace(list[i], words, made => list[at] = made);
        }
    }

    private static void Replace(JsonNode? value, Vocabulary words, Action<JsonNode> set)
    {
        if (value is JsonValue text && text.TryGetValue(out string? said) && said.StartsWith('$')) set(words.Resolve(said));
        else if (value is not null) Resolve(value, words);
    }
}
