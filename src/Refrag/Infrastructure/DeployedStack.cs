using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecr;
using Refrag.Aws.Logs;
using Refrag.Aws.S3;

namespace Refrag.Infrastructure;

/// <summary>What AWS says of a stack. Only asked for here; <see cref="StackVerification"/> judges it.</summary>
internal sealed record DeployedStack
{
    public required IReadOnlyList<JobQueueDetail> Queues { get; init; }

    /// <summary>Those that the outputs name, and those that the queues name.</summary>
    public required IReadOnlyList<string> EnvironmentNames { get; init; }

    public required IReadOnlyList<ComputeEnvironmentDetail> Environments { get; init; }

    /// <summary>Environments of earlier settings.</summary>
    public IReadOnlyList<RetainedEnvironment> Retained { get; init; } = [];

    /// <summary>The newest active revisions.</summary>
    public required IReadOnlyList<JobDefinition> Definitions { get; init; }

    /// <summary>The types that the environments list and the region offers.</summary>
    public required IReadOnlyList<InstanceTypeInfo> Types { get; init; }

    /// <summary>EC2's quotas for the environments.</summary>
    public QuotaValues Quotas { get; init; } = QuotaValues.None;

    public required bool HasLogGroup { get; init; }

    /// <summary>Null if the image is not in ECR of the stack's region, so that it was not checked.</summary>
    public required bool? HasImage { get; init; }

    /// <summary>Why the image will be deleted one day; null if it will not, or is not in ECR.</summary>
    public string? ImageExpiry { get; init; }

    /// <summary>Whether the stack's bucket is there; false too if it has none.</summary>
    public bool HasBucket { get; init; }

    /// <summary>Whether a bucket is there, and the caller may list it.</summary>
    public static async Task<bool> HasBucketAsync(AwsClientOptions s3, string? name, CancellationToken cancellationToken)
    {
        if (name is null) return false;
        using var objects = new S3Objects(s3);
        return await objects.HasBucketAsync(name, cancellationToken);
    }

    public static async Task<DeployedStack> ReadAsync(IAwsTransport aws, StackOutputs outputs, CancellationToken cancellationToken)
    {
        IReadOnlyList<JobQueueDetail> queues = outputs.Queues.Count == 0 ? []
            : (await aws.SendAsync(BatchOperations.DescribeJobQueues, new() { JobQueues = outputs.Queues }, cancellationToken)).JobQueues
            ?? [];
        string[] names = [.. outputs.ComputeEnvironments
            .Concat(queues.SelectMany(q => q.ComputeEnvironmentOrder).Select(o => NameOf(o.ComputeEnvironment))).Distinct()];
        IReadOnlyList<ComputeEnvironmentDetail> environments = await EnvironmentsAsync(aws, names, cancellationToken);
        var definitions = new List<JobDefinition>();
        foreach (string name in outputs.Definitions)
        {
            if (await DefinitionAsync(aws, name, cancellationToken) is { } definition) definitions.Add(definition);
        }
        IReadOnlyList<InstanceTypeInfo> types = await TypesAsync(aws, environments
            .SelectMany(e => e.ComputeResources?.InstanceTypes ?? []), cancellationToken);
        // Another region's registry knows nothing of this one's images.
        EcrImage? image = EcrImage.Parse(outputs.JobImage) is { } parsed && parsed.Region == outputs.Region ? parsed : null;
        return new DeployedStack
        {
            Queues = queues,
            EnvironmentNames = names,
            Environments = environments,
            Retained = await RetainedEnvironment.ReadAsync(aws, outputs.RetainedEnvironments, cancellationToken),
            Definitions = definitions,
            Types = types,
            Quotas = await QuotaValues.ReadAsync(aws, [.. environments.Select(EnvironmentDemand.Of).OfType<EnvironmentDemand>()],
                types, cancellationToken),
            HasLogGroup = await HasLogGroupAsync(aws, outputs.LogGroup, cancellationToken),
            HasImage = image is null ? null : await HasImageAsync(aws, image, cancellationToken),
            ImageExpiry = image is null ? null : await ImageLifecycle.ReadAsync(aws, image, cancellationToken),
        };
    }

    /// <summary>The name in an environment's ARN, or the name itself.</summary>
    public static string NameOf(string arnOrName) => arnOrName[(arnOrName.LastIndexOf('/') + 1)..];

    /// <summary>The environments of these names. One that does not exist is missing.</summary>
    public static async Task<IReadOnlyList<ComputeEnvironmentDetail>> EnvironmentsAsync(IAwsTransport aws, IReadOnlyList<string> names,
        CancellationToken cancellationToken)
    {
        var found = new List<ComputeEnvironmentDetail>();
        // At most 100 names a request. (API DescribeComputeEnvironments)
        foreach (string[] some in names.Chunk(100))
        {
            var request = new DescribeComputeEnvironmentsRequest { ComputeEnvironments = some };
            DescribeComputeEnvironmentsResponse answer = await aws
                .SendAsync(BatchOperations.DescribeComputeEnvironments, request, cancellationToken);
            found.AddRange(answer.ComputeEnvironments ?? []);
        }
        return found;
    }

    private static async Task<JobDefinition?> DefinitionAsync(IAwsTransport batch, string name, CancellationToken cancellationToken)
    {
        var request = new DescribeJobDefinitionsRequest { JobDefinitionName = name, Status = JobDefinitionStatus.Active };
        return await batch.ItemsAsync(BatchOperations.DescribeJobDefinitions, request, page => page.JobDefinitions, cancellationToken)
            .MaxByAsync(definition => definition.Revision, cancellationToken: cancellationToken);
    }

    /// <summary>The types of a list that the region offers.</summary>
    public static async Task<IReadOnlyList<InstanceTypeInfo>> TypesAsync(IAwsTransport aws, IEnumerable<string> listed,
        CancellationToken cancellationToken)
    {
        string[] patterns = [.. listed.Select(ListedType.Pattern).OfType<string>().Distinct()];
        if (patterns.Length == 0) return [];
        var request = new DescribeInstanceTypesRequest { Patterns = patterns };
        return await aws.ItemsAsync(Ec2Operations.DescribeInstanceTypes, request, page => page.InstanceTypes, cancellationToken)
            .ToListAsync(cancellationToken);
    }

    private static async Task<bool> HasLogGroupAsync(IAwsTransport logs, string name, CancellationToken cancellationToken)
    {
        if (name.Length == 0) return false;
        DescribeLogGroupsResponse answer =
            await logs.SendAsync(LogsOperations.DescribeLogGroups, new() { LogGroupNamePrefix = name }, cancellationToken);
        // The answer is in alphabetical order, so that the group itself is the first.
        return (answer.LogGroups ?? []).Any(g => g.LogGroupName == name);
    }

    private static async Task<bool> HasImageAsync(IAwsTransport aws, EcrImage image, CancellationToken cancellationToken)
    {
        try
        {
            BatchGetImageResponse answer = await aws.SendAsync(
                EcrOperations.BatchGetImage, new() { RegistryId = image.Account, RepositoryName = image.Repository, ImageIds = [image.Id] },
                cancellationToken);
            return answer.Images is { Count: > 0 };
        }
        catch (EcrException missing) when (missing.ErrorCode == EcrException.RepositoryNotFound)
        {
            return false;
        }
    }
}
