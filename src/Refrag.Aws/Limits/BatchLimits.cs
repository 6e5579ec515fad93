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

    /// <summary>The most attempts of a job. (API RetryStrategy)</summary>
    public const int Attempts = 10;

    /// <summary>The shortest time limit of an attempt, in seconds. (API JobTimeout)</summary>
    public const int TimeoutSeconds = 60;

    /// <summary>The most children of an array job; the least is 2. (UG service_limits)</summary>
    public const int ArraySize = 10_000;

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
