using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Monitoring;

namespace Refrag.Infrastructure;

/// <summary>One thing that was checked.</summary>
/// <param name="Subject">What, such as <c>queue refrag-cpu-job-queue</c>.</param>
/// <param name="Problem">What is wrong with it; null if nothing is.</param>
/// <param name="Warning">What will go wrong, or better, in some case; null for nothing.</param>
public sealed record VerifiedThing(string Subject, Problem? Problem, string? Warning = null)
{
    /// <summary>Whether nothing is wrong.</summary>
    public bool IsGood => Problem is null;
}

/// <summary>Asks AWS whether what the outputs name is there and usable.</summary>
public static class StackVerification
{
    /// <summary>
    /// Looks at every queue, environment and definition, at whether the listed instance types exist and can host the definitions, at the
    /// image, at the log group and at the bucket. RF6020–RF6027. Throws <see cref="Aws.AwsException"/> where AWS cannot be asked.
    /// </summary>
    /// <param name="aws">Asked.</param>
    /// <param name="s3">How S3 is reached.</param>
    /// <param name="outputs">What should be there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<VerifiedThing>> VerifyAsync(
        IAwsTransport aws, AwsClientOptions s3, StackOutputs outputs, CancellationToken cancellationToken)
    {
        DeployedStack stack = await DeployedStack.ReadAsync(aws, outputs, cancellationToken);
        return Judge(outputs, stack with { HasBucket = await DeployedStack.HasBucketAsync(s3, outputs.Bucket, cancellationToken) });
    }

    internal static IReadOnlyList<VerifiedThing> Judge(StackOutputs outputs, DeployedStack stack) =>
    [
        .. outputs.Queues.Select(name => Queue(name, stack.Queues.FirstOrDefault(q => q.JobQueueName == name))),
        .. stack.EnvironmentNames.Select(
            name => Environment(name, stack.Environments.FirstOrDefault(e => e.ComputeEnvironmentName == name))),
        .. stack.Environments.Where(Health.HasOlderImage)
            .Select(e => new VerifiedThing($"machine image of {e.ComputeEnvironmentName}", null,
                "UPDATE_AVAILABLE: raise batch_generation by one to take the newest")),
        .. stack.Retained.Select(e => new VerifiedThing($"retained environment {e}", null)),
        .. outputs.Definitions.Select(name => Definition(name, stack)),
        .. stack.Environments.Select(e => Types(e, stack.Types, outputs.Region)),
        .. QuotaVerification.Judge([.. stack.Environments.Select(EnvironmentDemand.Of).OfType<EnvironmentDemand>()], stack.Types,
            stack.Quotas),
        .. stack.Queues.Select(q => Maxima(q, stack)).OfType<VerifiedThing>(),
        .. outputs.Pairs.Select(pair => Fit(pair.Queue, pair.Definition, stack)).OfType<VerifiedThing>(),
        Image(outputs.JobImage, stack),
        new($"log group {outputs.LogGroup}", stack.HasLogGroup ? null : VerificationProblems.NoLogGroup(outputs.LogGroup)),
        .. outputs.Bucket is { } bucket
            ? [new($"bucket {bucket}", stack.HasBucket ? null : VerificationProblems.Missing("bucket", bucket))]
            : (VerifiedThing[])[],
    ];

    private static VerifiedThing Queue(string name, JobQueueDetail? queue) => new($"queue {name}", queue switch
    {
        null => VerificationProblems.Missing("job queue", name),
        { State: not JQState.Enabled } => VerificationProblems.Disabled("job queue", name, queue.State),
        { Status: not (null or JQStatus.Valid) } => VerificationProblems.Invalid("job queue", name, queue.Status, queue.StatusReason),
        _ => null,
    });

    private static VerifiedThing Environment(string name, ComputeEnvironmentDetail? environment) =>
        new($"environment {name}", environment switch
        {
            null => VerificationProblems.Missing("compute environment", name),
            { State: not CEState.Enabled } => VerificationProblems.Disabled("compute environment", name, environment.State),
            { Status: not (null or CEStatus.Valid) } =>
                VerificationProblems.Invalid("compute environment", name, environment.Status, environment.StatusReason),
            _ => null,
        });

    private static VerifiedThing Definition(string name, DeployedStack stack) => new(
        $"definition {name}",
        stack.Definitions.Any(d => d.JobDefinitionName == name) ? null : VerificationProblems.Missing("active job definition", name));

    // Batch starts what the region has; without any it starts nothing.
    private static VerifiedThing Types(ComputeEnvironmentDetail environment, IReadOnlyList<InstanceTypeInfo> offered, string region)
    {
        string name = environment.ComputeEnvironmentName;
        string[] missing = [.. EnvironmentDemand.Of(environment)?.Missing(offered) ?? []];
        bool isAll = missing.Length > 0 && missing.Length == Listed(environment).Count;
        return new VerifiedThing(
            $"types of {name}",
            isAll ? VerificationProblems.NotOffered(name, missing, region) : null,
            missing.Length > 0 && !isAll ? $"EC2 does not offer {string.Join(", ", missing)} in {region}" : null);
    }

    // With an on-demand fallback a queue may start the maximum of each of its environments at once.
    private static VerifiedThing? Maxima(JobQueueDetail queue, DeployedStack stack)
    {
        EnvironmentDemand[] demands = [.. queue.ComputeEnvironmentOrder
            .Select(o => stack.Environments.FirstOrDefault(e => e.ComputeEnvironmentName == DeployedStack.NameOf(o.ComputeEnvironment)))
            .OfType<ComputeEnvironmentDetail>().Select(EnvironmentDemand.Of).OfType<EnvironmentDemand>()];
        return demands.Length < 2 || demands.All(d => d.IsSpot == demands[0].IsSpot) ? null : new VerifiedThing(
            $"maximum of {queue.JobQueueName}", null,
            $"{demands.Sum(d => d.MaxVCpus)} vCPUs together: "
            + string.Join(", ", demands.Select(d => $"{d.MaxVCpus} {(d.IsSpot ? "Spot" : "on-demand")} in {d.Name}")));
    }

    // Null if there is nothing to judge: a queue or a definition is missing, which is reported already, or Batch itself chooses the types.
    private static VerifiedThing? Fit(string queueName, string definitionName, DeployedStack stack)
    {
        if (stack.Queues.FirstOrDefault(q => q.JobQueueName == queueName) is not { } queue) return null;
        if (stack.Definitions.FirstOrDefault(d => d.JobDefinitionName == definitionName) is not { } definition) return null;
        if (DefinitionFit.Of(definition) is not { } request) return null;
        string[] listed = [.. stack.Environments
            .Where(e => queue.ComputeEnvironmentOrder.Any(o => DeployedStack.NameOf(o.ComputeEnvironment) == e.ComputeEnvironmentName))
            .SelectMany(Listed)];
        if (listed.Length == 0 || listed.Any(t => ListedType.Pattern(t) is null)) return null;
        InstanceTypeInfo[] types = [.. stack.Types.Where(t => listed.Any(l => ListedType.Covers(l, t)))];
        string[] surely = [.. types.Where(request.SurelyFits).Select(t => t.Name).Order(StringComparer.Ordinal)];
        string[] probably =
            [.. types.Where(request.ProbablyFits).Select(t => t.Name).Except(surely).Order(StringComparer.Ordinal)];
        string[] fitting = [.. surely, .. probably.Select(name => $"probably {name}")];
        return new VerifiedThing(
            $"fit of {definitionName} ({request}): {(fitting.Length > 0 ? string.Join(", ", fitting) : "none")}",
            fitting.Length > 0 ? null : VerificationProblems.NoFit(definitionName, queueName, request, types),
            surely.Length > 0 || probably.Length == 0
                ? null
                : $"{definitionName} fits {string.Join(", ", probably)} only if the machine image keeps little of the memory");
    }

    private static VerifiedThing Image(string image, DeployedStack stack) => new(
        stack.HasImage is null ? $"image {image}: not in ECR of this region, not checked" : $"image {image}",
        stack.HasImage is false ? VerificationProblems.NoImage(image) : null,
        stack.ImageExpiry);

    private static IReadOnlyList<string> Listed(ComputeEnvironmentDetail environment) => environment.ComputeResources?.InstanceTypes ?? [];
}
