using System.Text.RegularExpressions;

namespace Refrag.Aws.Batch;

/// <summary>
/// Limits of AWS Batch that stand in its documentation and not in its model. The API reference page of each shape is the source.
/// </summary>
internal static partial class DocumentedLimits
{
    private static readonly MemberLimit s_name = new(1, BatchLimits.NameLength, Name(), BatchLimits.NameRule);
    private static readonly MemberLimit s_share = new(1, BatchLimits.ShareLength + 1, Share(), BatchLimits.ShareRule);
    private static readonly MemberLimit s_glob = new(1, 512, Glob(), "a pattern with * at its end only");
    private static readonly MemberLimit s_priority = new(0, BatchLimits.SchedulingPriority);
    private static readonly MemberLimit s_hundred = new(Max: BatchLimits.Page);
    private static readonly MemberLimit s_page = new(1, BatchLimits.Page);
    private static readonly MemberLimit s_environments = new(Max: BatchLimits.EnvironmentsOfQueue);

    // UG service_limits: one service environment for each job queue.
    private static readonly MemberLimit s_serviceEnvironments = new(Max: 1);
    private static readonly MemberLimit s_attempts = new(1, BatchLimits.Attempts);
    private static readonly MemberLimit s_conditions = new(Max: BatchLimits.ExitConditions);
    private static readonly MemberLimit s_timeout = new(Min: 2);
    private static readonly MemberLimit s_reason = new(Max: 1024);
    private static readonly MemberLimit s_jobs = new(1, 50);

    // The API's own page gives no range; CloudFormation's page of AWS::Batch::JobQueue does.
    private static readonly MemberLimit s_queuePriority = new(0, 1000);

    public static IReadOnlyDictionary<string, MemberLimit> All { get; } = new Dictionary<string, MemberLimit>
    {
        // Of a shape, wherever it stands. (UG tag-restrictions)
        ["TagKey"] = new(Pattern: TagText(), Words: TagWords),
        ["TagValue"] = new(Pattern: TagText(), Words: TagWords),
        ["SubmitJobRequest.jobName"] = s_name,
        ["SubmitJobRequest.shareIdentifier"] = s_share,
        ["SubmitJobRequest.schedulingPriorityOverride"] = s_priority,
        ["SubmitJobRequest.dependsOn"] = new(Max: BatchLimits.Dependencies),
        ["ArrayProperties.size"] = new(BatchLimits.LeastArraySize, BatchLimits.ArraySize),
        ["RetryStrategy.attempts"] = s_attempts,
        ["RetryStrategy.evaluateOnExit"] = s_conditions,
        ["EvaluateOnExit.onStatusReason"] = s_glob,
        ["EvaluateOnExit.onReason"] = s_glob,
        ["EvaluateOnExit.onExitCode"] = new(1, 512, ExitCode(), "a number with an optional * at its end"),
        ["JobTimeout.attemptDurationSeconds"] = new(Min: BatchLimits.TimeoutSeconds),
        ["CancelJobRequest.reason"] = s_reason,
        ["TerminateJobRequest.reason"] = s_reason,
        ["CancelJobsRequest.jobs"] = s_jobs,
        ["CancelJobsRequest.reason"] = s_reason,
        ["TerminateJobsRequest.jobs"] = s_jobs,
        ["TerminateJobsRequest.reason"] = s_reason,
        ["TerminateServiceJobsRequest.jobs"] = s_jobs,
        ["TerminateServiceJobsRequest.reason"] = s_reason,
        ["InfrastructureOptimization.scaleInAfter"] = new(-1, 3600),
        ["RegisterJobDefinitionRequest.jobDefinitionName"] = s_name,
        ["RegisterJobDefinitionRequest.schedulingPriority"] = s_priority,
        ["ContainerProperties.memory"] = new(Min: 4),
        ["TaskContainerProperties.startTimeout"] = s_timeout,
        ["TaskContainerProperties.stopTimeout"] = s_timeout,
        ["EphemeralStorage.sizeInGiB"] = new(21, 200),
        ["LinuxParameters.swappiness"] = new(0, 100),
        ["NodeProperties.nodeRangeProperties"] = new(1, 5),
        ["NodeProperties.numNodes"] = new(Min: 1),
        ["NodeProperties.mainNode"] = new(Min: 0),
        ["NodePropertyOverride.targetNodes"] = new(Pattern: Nodes(), Words: "a node or a range of nodes such as 0:3"),
        ["NodeRangeProperty.targetNodes"] = new(Pattern: Nodes(), Words: "a node or a range of nodes such as 0:3"),
        ["CreateJobQueueRequest.jobQueueName"] = s_name,
        ["CreateJobQueueRequest.computeEnvironmentOrder"] = s_environments,
        ["UpdateJobQueueRequest.computeEnvironmentOrder"] = s_environments,
        ["CreateJobQueueRequest.serviceEnvironmentOrder"] = s_serviceEnvironments,
        ["UpdateJobQueueRequest.serviceEnvironmentOrder"] = s_serviceEnvironments,
        ["CreateJobQueueRequest.priority"] = s_queuePriority,
        ["UpdateJobQueueRequest.priority"] = s_queuePriority,
        ["JobStateTimeLimitAction.maxTimeSeconds"] = new(600, 86_400),
        ["CreateComputeEnvironmentRequest.computeEnvironmentName"] = s_name,
        ["ComputeScalingPolicy.minScaleDownDelayMinutes"] = new(BatchLimits.LeastScaleDownMinutes, BatchLimits.MostScaleDownMinutes),
        ["LaunchTemplateSpecification.overrides"] = new(Max: 10),
        ["CreateSchedulingPolicyRequest.name"] = s_name,
        ["FairsharePolicy.shareDecaySeconds"] = new(0, 604_800),
        ["FairsharePolicy.computeReservation"] = new(0, 99),
        ["ShareAttributes.shareIdentifier"] = s_share,
        ["ShareAttributes.weightFactor"] = new(0.0001, 999.9999),
        ["CreateServiceEnvironmentRequest.serviceEnvironmentName"] = s_name,
        ["SubmitServiceJobRequest.jobName"] = s_name,
        ["SubmitServiceJobRequest.schedulingPriority"] = s_priority,
        ["UpdateServiceJobRequest.schedulingPriority"] = s_priority,
        ["ServiceJobRetryStrategy.attempts"] = s_attempts,
        ["ServiceJobRetryStrategy.evaluateOnExit"] = s_conditions,
        ["DescribeJobsRequest.jobs"] = new(Max: BatchLimits.DescribedJobs),
        ["DescribeComputeEnvironmentsRequest.computeEnvironments"] = s_hundred,
        ["DescribeJobQueuesRequest.jobQueues"] = s_hundred,
        ["DescribeJobDefinitionsRequest.jobDefinitions"] = s_hundred,
        ["DescribeSchedulingPoliciesRequest.arns"] = s_hundred,
        ["ListJobsRequest.maxResults"] = new(1, BatchLimits.JobsPage),
        ["DescribeComputeEnvironmentsRequest.maxResults"] = s_page,
        ["DescribeJobQueuesRequest.maxResults"] = s_page,
        ["DescribeJobDefinitionsRequest.maxResults"] = s_page,
        ["DescribeServiceEnvironmentsRequest.maxResults"] = s_page,
        ["ListConsumableResourcesRequest.maxResults"] = s_page,
        ["ListJobsByConsumableResourceRequest.maxResults"] = s_page,
        ["ListQuotaSharesRequest.maxResults"] = s_page,
        ["ListSchedulingPoliciesRequest.maxResults"] = s_page,
        ["ListServiceJobsRequest.maxResults"] = s_page,
    };

    private const string TagWords = "letters, digits, spaces and + - = . _ : / @, and not begin with aws:";

    // The inside of a class of characters.
    private const string TagCharacters = @"\p{L}\p{Z}\p{N}_.:/=+\-@";

    [GeneratedRegex($@"^(?![aA][wW][sS]:)[{TagCharacters}]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TagText();

    [GeneratedRegex($"[^{TagCharacters}]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    public static partial Regex NoTagCharacter();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_-]*\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    public static partial Regex Name();

    [GeneratedRegex(@"^[A-Za-z0-9]{1,255}\*?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    public static partial Regex Share();

    [GeneratedRegex(@"^[^*]*\*?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Glob();

    [GeneratedRegex(@"^[0-9]*\*?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex ExitCode();

    [GeneratedRegex(@"^([0-9]+|[0-9]*:[0-9]*)\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Nodes();
}
