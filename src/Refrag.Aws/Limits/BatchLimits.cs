namespace Refrag.Aws.Batch;

/// <summary>
/// The limits of Batch requests: what the API model requires (members, known values, sizes) and what its documentation adds. Checked before
/// sending, so that a user learns all of them at once and without a network.
/// </summary>
public static class BatchLimits
{
    /// <summary>The most bytes of a SubmitJob request as JSON. (UG service_limits: 30 KiB)</summary>
    public const int SubmitJobBytes = 30 * 1024;

    /// <summary>The most bytes of a job definition as JSON. (UG service_limits: 24 KiB)</summary>
    public const int JobDefinitionBytes = 24 * 1024;

    /// <summary>The most bytes of <c>containerOverrides</c> as JSON. (API SubmitJob)</summary>
    public const int ContainerOverridesBytes = 8192;

    /// <summary>The most job ids of one DescribeJobs. (API DescribeJobs)</summary>
    public const int DescribedJobs = 100;

    /// <summary>The most tags of a job or of any other resource.</summary>
    public const int Tags = 50;

    /// <summary>The most characters of a tag's key. (UG tag-restrictions)</summary>
    public const int TagKeyLength = 128;

    /// <summary>The most characters of a tag's value. (UG tag-restrictions)</summary>
    public const int TagValueLength = 256;

    /// <summary>The most characters of the name of a job, a definition, a queue or another resource. (API SubmitJob.jobName)</summary>
    public const int NameLength = 128;

    /// <summary>The rule of <see cref="IsName"/> in words.</summary>
    public const string NameRule = "at most 128 letters, digits, hyphens and underscores, the first a letter or a digit";

    /// <summary>The most letters and digits of a share identifier. (API SubmitJob.shareIdentifier)</summary>
    public const int ShareLength = 255;

    /// <summary>The rule of <see cref="IsShare"/> in words.</summary>
    public const string ShareRule = "at most 255 letters and digits, with an optional * at the end";

    /// <summary>The most attempts of a job. (API RetryStrategy)</summary>
    public const int Attempts = 10;

    /// <summary>The shortest time limit of an attempt, in seconds. (API JobTimeout)</summary>
    public const int TimeoutSeconds = 60;

    /// <summary>The shortest scale-down delay of a compute environment, in minutes. (API ComputeScalingPolicy)</summary>
    public const int LeastScaleDownMinutes = 20;

    /// <summary>The longest scale-down delay of a compute environment, in minutes. (API ComputeScalingPolicy)</summary>
    public const int MostScaleDownMinutes = 10_080;

    /// <summary>The fewest children of an array job. (API ArrayProperties)</summary>
    public const int LeastArraySize = 2;

    /// <summary>The most children of an array job. (UG service_limits)</summary>
    public const int ArraySize = 10_000;

    /// <summary>The most jobs that a job can wait for. (API SubmitJob.dependsOn)</summary>
    public const int Dependencies = 20;

    /// <summary>The highest scheduling priority of a job; the lowest is 0. (API SubmitJob.schedulingPriorityOverride)</summary>
    public const int SchedulingPriority = 9999;

    /// <summary>The most conditions of a retry strategy. (API RetryStrategy.evaluateOnExit)</summary>
    public const int ExitConditions = 5;

    /// <summary>The most containers of a task, and of a pod. (API TaskProperties, EksPodProperties)</summary>
    public const int Containers = 10;

    /// <summary>The most compute environments of a job queue. (API CreateJobQueue.computeEnvironmentOrder)</summary>
    public const int EnvironmentsOfQueue = 3;

    /// <summary>The most shares of a fair-share policy. (API FairsharePolicy.shareDistribution)</summary>
    public const int FairShares = 500;

    /// <summary>The most capacity limits of a quota share. (UG quota-shares)</summary>
    public const int QuotaShareLimits = 5;

    /// <summary>The most elements of a page of any list but those of ListJobs. (API)</summary>
    public const int Page = 100;

    /// <summary>The most jobs of a page of ListJobs without a filter; with one as many as <see cref="Page"/>. (API ListJobs)</summary>
    public const int JobsPage = 1000;

    /// <summary>The most nodes of a multi-node job. (UG mnp-node-groups: up to 1,000, the default of instances in an ECS cluster)</summary>
    public const int Nodes = 1000;

    /// <summary>The most bytes of a SubmitServiceJob request as JSON. (UG service_limits: 30 KiB)</summary>
    public const int SubmitServiceJobBytes = 30 * 1024;

    /// <summary>The most bytes of a service job's payload. (UG service_limits: 10 KiB)</summary>
    public const int ServicePayloadBytes = 10 * 1024;

    /// <summary>The most job queues. (UG service_limits)</summary>
    public const int JobQueues = 50;

    /// <summary>The most compute environments. (UG service_limits)</summary>
    public const int ComputeEnvironments = 50;

    /// <summary>The most service environments. (UG service_limits)</summary>
    public const int ServiceEnvironments = 50;

    /// <summary>The most consumable resources. (UG service_limits)</summary>
    public const int ConsumableResources = 50_000;

    /// <summary>The most quota shares of a job queue. (UG service_limits)</summary>
    public const int QuotaShares = 20;

    /// <summary>Whether EC2 takes a text as a count of vCPUs: a whole number from 1. AWS calls even <c>1.0</c> no number.</summary>
    /// <param name="vcpus">The value of a resource requirement.</param>
    public static bool IsWhole(string vcpus) => ResourceLimits.IsWhole(vcpus);

    /// <summary>Whether a job, a definition, a queue or another resource can have the name.</summary>
    /// <param name="text">The name.</param>
    public static bool IsName(string text) => text.Length <= NameLength && DocumentedLimits.Name().IsMatch(text);

    /// <summary>Whether a text can be the share identifier of a job.</summary>
    /// <param name="text">The identifier.</param>
    public static bool IsShare(string text) => DocumentedLimits.Share().IsMatch(text);

    /// <summary>
    /// A text as a tag's value: cut to its length, with an underscore for each character that a tag cannot have, and for the colon of
    /// <c>aws:</c> at its beginning.
    /// </summary>
    /// <param name="text">Any text.</param>
    public static string TagValue(string text)
    {
        string value = DocumentedLimits.NoTagCharacter().Replace(text.Length > TagValueLength ? text[..TagValueLength] : text, "_");
        return value.StartsWith(TagPrefixOfAws, StringComparison.OrdinalIgnoreCase)
            ? $"{value[..(TagPrefixOfAws.Length - 1)]}_{value[TagPrefixOfAws.Length..]}"
            : value;
    }

    // No one else's tags may begin with it, whatever its case.
    private const string TagPrefixOfAws = "aws:";

    private static readonly RuleBook s_rules = new(BatchShapes.Find, DocumentedLimits.All, BatchJson.Options);
    private static readonly RuleBook s_engineRules = new(BatchShapes.Find, EngineLimits.All, BatchJson.Options);

    /// <summary>Every limit that the request breaks, code RF31xx; empty where it breaks none.</summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">The operation that the request is for.</param>
    /// <param name="request">The request. Required members may be null, as after reading a client's JSON.</param>
    public static IReadOnlyList<Problem> Check<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class => Check(operation, request, s_rules, null);

    /// <summary>The same for the embedded engine, which has limits of its own where AWS has none. (<see cref="EngineLimits"/>)</summary>
    /// <typeparam name="TRequest">What is asked.</typeparam>
    /// <typeparam name="TResponse">What is answered.</typeparam>
    /// <param name="operation">The operation that the request is for.</param>
    /// <param name="request">The request. Required members may be null, as after reading a client's JSON.</param>
    public static IReadOnlyList<Problem> CheckForEngine<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation, TRequest request)
        where TRequest : class
        where TResponse : class => Check(operation, request, s_engineRules, EngineLimits.Ceilings);

    private static IReadOnlyList<Problem> Check<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, RuleBook rules, Ceilings? ceilings)
        where TRequest : class
        where TResponse : class
    {
        var walk = new ShapeWalk(operation.Name, operation.OutsideBody, ceilings);
        walk.Check(request, rules.Find(typeof(TRequest).Name));
        return walk.HasNulls ? walk.Problems : [.. walk.Problems, .. Together(request, walk.MostBytes)];
    }

    private static IEnumerable<Problem> Together(object request, long mostBytes) => request switch
    {
        SubmitJobRequest submit => SubmitJobLimits.Check(submit, mostBytes),
        SubmitServiceJobRequest submit => ServiceJobLimits.Check(submit, mostBytes),
        RegisterJobDefinitionRequest register => JobDefinitionLimits.Check(register, mostBytes),
        ListJobsRequest list => ListJobsLimits.Check(list),
        TagResourceRequest tag => Arn(tag.ResourceArn, BatchOperations.TagResource),
        UntagResourceRequest untag => [.. Arn(untag.ResourceArn, BatchOperations.UntagResource), .. TagKeyLimits.Check(untag.TagKeys)],
        ListTagsForResourceRequest tags => Arn(tags.ResourceArn, BatchOperations.ListTagsForResource),
        _ => [],
    };

    private static IEnumerable<Problem> Arn(string? arn, AwsOperation operation) =>
        string.IsNullOrEmpty(arn) ? [LimitProblems.Missing($"{operation.Name} resourceArn")] : [];
}
