using Refrag.Aws;

namespace Refrag.Engine.Tests.EndToEnd;

/// <summary>
/// A request of each operation that names what exists, so that it is accepted for everything but the number that a test puts into it.
/// NAME is a new name, PROGRAM a program that the runner can run, STREAM a log stream, CLUSTER the cluster of an environment and
/// SERVICEJOB a service job.
/// </summary>
internal static class PlainRequests
{
    private const string Arn = "arn:aws:batch:us-east-1:000000000000:";
    private const string Requirements = """
        "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"4"}]
        """;

    // Several of an operation where what one kind says is refused beside another, or where a number needs others beside it.
    private static readonly Dictionary<string, string[]> s_requests = new()
    {
        ["RegisterJobDefinition"] =
        [
            $$$"""
            {"jobDefinitionName":"NAME","type":"container","containerProperties":{"image":"i","command":["PROGRAM"],{{{Requirements}}} } }
            """,
            """
            {"jobDefinitionName":"NAME","type":"container","containerProperties":{"image":"i","command":["PROGRAM"],"vcpus":1,"memory":4}}
            """,
            $$$"""
            {"jobDefinitionName":"NAME","type":"container","containerProperties":{"image":"i","command":["PROGRAM"],{{{Requirements}}},
                "linuxParameters":{"maxSwap":1,"swappiness":1,"tmpfs":[{"containerPath":"/t","size":1}]},
                "ulimits":[{"name":"nofile","softLimit":0,"hardLimit":59}],
                "volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs-1","transitEncryption":"ENABLED"}}]},
                "consumableResourceProperties":{"consumableResourceList":[{"consumableResource":"token","quantity":1}]} }
            """,
            """
            {"jobDefinitionName":"NAME","type":"container","platformCapabilities":["FARGATE"],"containerProperties":{"image":"i",
                "command":["PROGRAM"],"executionRoleArn":"arn:aws:iam::000000000000:role/r","ephemeralStorage":{"sizeInGiB":59},
                "resourceRequirements":[{"type":"VCPU","value":"1"},{"type":"MEMORY","value":"2048"}]}}
            """,
            $$$"""
            {"jobDefinitionName":"NAME","type":"container","ecsProperties":{"taskProperties":[{"containers":[{"name":"main","image":"i",
                "command":["PROGRAM"],"essential":true,{{{Requirements}}},
                "linuxParameters":{"maxSwap":1,"swappiness":1,"tmpfs":[{"containerPath":"/t","size":1}]},
                "ulimits":[{"name":"nofile","softLimit":0,"hardLimit":59}]}],
                "volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs-1","transitEncryption":"ENABLED"}}]}]} }
            """,
            """
            {"jobDefinitionName":"NAME","type":"container","eksProperties":{"podProperties":{"containers":[{"name":"main","image":"i",
                "command":["PROGRAM"],"resources":{"requests":{"cpu":"1","memory":"4Mi"},"limits":{"cpu":"1","memory":"4Mi"}}}]}}}
            """,
            $$$"""
            {"jobDefinitionName":"NAME","type":"multinode","nodeProperties":{"numNodes":1,"mainNode":0,"nodeRangeProperties":[
                {"targetNodes":"0:","container":{"image":"i","command":["PROGRAM"],{{{Requirements}}},
                "linuxParameters":{"maxSwap":1,"swappiness":1,"tmpfs":[{"containerPath":"/t","size":1}]},
                "ulimits":[{"name":"nofile","softLimit":0,"hardLimit":59}],
                "volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs-1","transitEncryption":"ENABLED"}}]},
                "consumableResourceProperties":{"consumableResourceList":[{"consumableResource":"token","quantity":1}]} }]} }
            """,
            """
            {"jobDefinitionName":"NAME","type":"multinode","nodeProperties":{"numNodes":1,"mainNode":0,"nodeRangeProperties":[
                {"targetNodes":"0:","container":{"image":"i","command":["PROGRAM"],"vcpus":1,"memory":4}}]}}
            """,
            $$$"""
            {"jobDefinitionName":"NAME","type":"multinode","nodeProperties":{"numNodes":1,"mainNode":0,"nodeRangeProperties":[
                {"targetNodes":"0:","ecsProperties":{"taskProperties":[{"containers":[{"name":"main","image":"i","command":["PROGRAM"],
                "essential":true,{{{Requirements}}},
                "linuxParameters":{"maxSwap":1,"swappiness":1,"tmpfs":[{"containerPath":"/t","size":1}]},
                "ulimits":[{"name":"nofile","softLimit":0,"hardLimit":59}]}],
                "volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"fs-1","transitEncryption":"ENABLED"}}]}]} }]} }
            """,
            """
            {"jobDefinitionName":"NAME","type":"multinode","nodeProperties":{"numNodes":1,"mainNode":0,"nodeRangeProperties":[
                {"targetNodes":"0:","eksProperties":{"podProperties":{"containers":[{"name":"main","image":"i","command":["PROGRAM"],
                "resources":{"requests":{"cpu":"1","memory":"4Mi"},"limits":{"cpu":"1","memory":"4Mi"}}}]}}}]}}
            """,
        ],
        ["SubmitJob"] =
        [
            """
            {"jobName":"job","jobQueue":"refrag-cpu-job-queue","jobDefinition":"def","containerOverrides":{"command":["PROGRAM"]},
                "retryStrategy":{"attempts":1}}
            """,
            """
            {"jobName":"job","jobQueue":"refrag-cpu-job-queue","jobDefinition":"def","containerOverrides":{"command":["PROGRAM"]},
                "consumableResourcePropertiesOverride":{"consumableResourceList":[{"consumableResource":"token","quantity":1}]}}
            """,
            """
            {"jobName":"job","jobQueue":"shares","jobDefinition":"def","containerOverrides":{"command":["PROGRAM"]},"shareIdentifier":"a",
                "schedulingPriorityOverride":1}
            """,
            """{"jobName":"job","jobQueue":"refrag-cpu-job-queue","jobDefinition":"nodes","nodeOverrides":{"numNodes":1}}""",
            """
            {"jobName":"job","jobQueue":"refrag-cpu-job-queue","jobDefinition":"nodes","nodeOverrides":{"nodePropertyOverrides":[
                {"targetNodes":"0:","containerOverrides":{"command":["PROGRAM"]}}]}}
            """,
            """
            {"jobName":"job","jobQueue":"refrag-cpu-job-queue","jobDefinition":"nodes","nodeOverrides":{"nodePropertyOverrides":[
                {"targetNodes":"0:","consumableResourcePropertiesOverride":{"consumableResourceList":[
                {"consumableResource":"token","quantity":1}]}}]}}
            """,
        ],
        ["SubmitServiceJob"] =
        [
            """
            {"jobName":"job","jobQueue":"services","serviceJobType":"SAGEMAKER_TRAINING","retryStrategy":{"attempts":1},
                "serviceRequestPayload":"{\"ResourceConfig\":{\"InstanceType\":\"ml.m5.large\",\"InstanceCount\":1}}"}
            """,
            """
            {"jobName":"job","jobQueue":"quotas","serviceJobType":"SAGEMAKER_TRAINING","quotaShareName":"share","schedulingPriority":1,
                "preemptionConfiguration":{"preemptionRetriesBeforeTermination":1},
                "serviceRequestPayload":"{\"ResourceConfig\":{\"InstanceType\":\"ml.m5.large\",\"InstanceCount\":1}}"}
            """,
        ],
        ["CreateComputeEnvironment"] =
        [
            """
            {"computeEnvironmentName":"NAME","type":"MANAGED","computeResources":{"type":"EC2","maxvCpus":4,"subnets":["s"],
                "securityGroupIds":["g"],"instanceTypes":["optimal"],"instanceRole":"r"}}
            """,
            """
            {"computeEnvironmentName":"NAME","type":"MANAGED","computeResources":{"type":"SPOT","maxvCpus":4,"bidPercentage":59,
                "subnets":["s"],"securityGroupIds":["g"],"instanceTypes":["optimal"],"instanceRole":"r",
                "spotIamFleetRole":"arn:aws:iam::000000000000:role/r"}}
            """,
            """{"computeEnvironmentName":"NAME","type":"UNMANAGED"}""",
        ],
        ["UpdateComputeEnvironment"] =
        [
            """{"computeEnvironment":"ce"}""", """{"computeEnvironment":"spot"}""", """{"computeEnvironment":"unmanaged"}""",
        ],
        ["CreateJobQueue"] =
        [
            """
            {"jobQueueName":"NAME","priority":1,"computeEnvironmentOrder":[{"order":1,"computeEnvironment":"refrag-cpu-compute-env"}],
                "jobStateTimeLimitActions":[{"reason":"CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY","state":"RUNNABLE","maxTimeSeconds":600,
                "action":"CANCEL"}]}
            """,
            """
            {"jobQueueName":"NAME","priority":1,"jobQueueType":"SAGEMAKER_TRAINING",
                "serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"training"}]}
            """,
        ],
        ["UpdateJobQueue"] =
        [
            """
            {"jobQueue":"queue","computeEnvironmentOrder":[{"order":1,"computeEnvironment":"refrag-cpu-compute-env"}],
                "jobStateTimeLimitActions":[{"reason":"CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY","state":"RUNNABLE","maxTimeSeconds":600,
                "action":"CANCEL"}]}
            """,
            """{"jobQueue":"services","serviceEnvironmentOrder":[{"order":1,"serviceEnvironment":"training"}]}""",
        ],
        ["CreateSchedulingPolicy"] =
            ["""{"name":"NAME","fairsharePolicy":{"shareDistribution":[{"shareIdentifier":"a","weightFactor":1}]}}"""],
        ["UpdateSchedulingPolicy"] = [$$$"""{"arn":"{{{Arn}}}scheduling-policy/policy","fairsharePolicy":{} }"""],
        ["CreateConsumableResource"] = ["""{"consumableResourceName":"NAME","totalQuantity":1}"""],
        ["UpdateConsumableResource"] =
        [
            """{"consumableResource":"spare","operation":"SET","quantity":1}""",
            """{"consumableResource":"spare","operation":"ADD","quantity":1}""",
            """{"consumableResource":"spare","operation":"REMOVE","quantity":1}""",
        ],
        ["CreateServiceEnvironment"] =
        [
            """
            {"serviceEnvironmentName":"NAME","serviceEnvironmentType":"SAGEMAKER_TRAINING",
                "capacityLimits":[{"maxCapacity":1,"capacityUnit":"ml.m5.large"}]}
            """,
        ],
        ["UpdateServiceEnvironment"] =
            ["""{"serviceEnvironment":"training","capacityLimits":[{"maxCapacity":4,"capacityUnit":"ml.m5.large"}]}"""],
        ["UpdateServiceJob"] = ["""{"jobId":"SERVICEJOB","schedulingPriority":1}"""],
        ["CreateQuotaShare"] =
        [
            """
            {"quotaShareName":"NAME","jobQueue":"quotas","capacityLimits":[{"maxCapacity":1,"capacityUnit":"ml.m5.large"}],
                "resourceSharingConfiguration":{"strategy":"LEND_AND_BORROW","borrowLimit":1},
                "preemptionConfiguration":{"inSharePreemption":"ENABLED"}}
            """,
        ],
        ["UpdateQuotaShare"] =
        [
            $$$"""
            {"quotaShareArn":"{{{Arn}}}quota-share/quotas/share",
                "capacityLimits":[{"maxCapacity":4,"capacityUnit":"ml.m5.large"}],
                "resourceSharingConfiguration":{"strategy":"LEND_AND_BORROW","borrowLimit":1} }
            """,
        ],
        ["ListJobs"] = ["""{"jobQueue":"refrag-cpu-job-queue"}"""],
        ["ListServiceJobs"] = ["""{"jobQueue":"services"}"""],
        ["ListQuotaShares"] = ["""{"jobQueue":"quotas"}"""],
        ["ListJobsByConsumableResource"] = ["""{"consumableResource":"token"}"""],
        ["GetLogEvents"] = ["""{"logGroupName":"/aws/batch/job","logStreamName":"STREAM"}"""],
        ["FilterLogEvents"] = ["""{"logGroupName":"/aws/batch/job"}"""],
        ["DescribeLogStreams"] = ["""{"logGroupName":"/aws/batch/job"}"""],
        ["PutRetentionPolicy"] = ["""{"logGroupName":"/aws/batch/job","retentionInDays":1}"""],
        ["ListTasks"] = ["""{"cluster":"CLUSTER"}"""],
        ["ListContainerInstances"] = ["""{"cluster":"CLUSTER"}"""],
    };

    /// <summary>The plain requests of an operation, as JSON; one that is empty where it needs nothing.</summary>
    public static IReadOnlyList<string> Of(AwsOperation operation) => s_requests.GetValueOrDefault(operation.Name, ["{}"]);
}
