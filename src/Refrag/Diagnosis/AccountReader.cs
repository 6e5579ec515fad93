using System.Text.Json;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecr;
using Refrag.Aws.Logs;
using Refrag.Aws.ServiceQuotas;
using Refrag.Infrastructure;
using Refrag.JobLogs;
using Refrag.Monitoring;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Diagnosis;

/// <summary>Reads what other services know of a job that is to start: EC2's quotas, the image, the log group.</summary>
internal sealed class AccountReader(IBatchTransport batch, IAwsTransport aws, ILogsTransport? logs, Checks checks)
{
    private const string Ec2 = "ec2";
    private static readonly string[] s_manifests =
    [
        "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
    ];

    /// <summary>The facts, as far as they may be asked.</summary>
    public async Task<AccountFacts> OfAsync(Situation situation, CancellationToken cancellationToken)
    {
        ContainerProperties? defined = situation.Definition?.ContainerProperties;
        string? image = situation.Job?.Container?.Image ?? defined?.Image;
        LogConfiguration? log = situation.Job?.Container?.LogConfiguration ?? defined?.LogConfiguration;
        return new AccountFacts
        {
            Quotas = await QuotasAsync(situation, cancellationToken),
            Image = image is not null && EcrImage.Parse(image) is { } inEcr ? await ImageAsync(image, inEcr, cancellationToken) : null,
            LogGroup = await LogGroupAsync(log, cancellationToken),
        };
    }

    private async Task<IReadOnlyList<QuotaValue>> QuotasAsync(Situation situation, CancellationToken cancellationToken)
    {
        ComputeResource[] ec2 = [.. situation.Environments.Select(e => e.Detail?.ComputeResources).OfType<ComputeResource>().Where(IsEc2)];
        InstanceQuota[] wanted = [.. ec2.SelectMany(r => Quotas(r, situation)).Distinct()];
        if (wanted.Length == 0) return [];
        IReadOnlyList<ComputeEnvironmentDetail> all = await checks.AskAsync<IReadOnlyList<ComputeEnvironmentDetail>>("other environments", () => new QueueReader(batch).EnvironmentsAsync([], cancellationToken), []);
        List<QuotaValue> values = [];
        foreach (InstanceQuota quota in wanted)
        {
            double? value = await checks.AskAsync($"the EC2 quota of {quota.Families} {quota.Market} vCPUs", () => ValueAsync(quota, cancellationToken), null);
            int used = all.Select(e => e.ComputeResources).OfType<ComputeResource>().Where(r => IsEc2(r) && Quotas(r, situation).Contains(quota)).Sum(r => r.DesiredvCpus ?? 0);
            if (value is { } vCpus) values.Add(new QuotaValue(quota, vCpus, used));
        }
        return values;
    }

    private async Task<double?> ValueAsync(InstanceQuota quota, CancellationToken cancellationToken)
    {
        var request = new GetServiceQuotaRequest { ServiceCode = Ec2, QuotaCode = quota.Code };
        try
        {
            return (await aws.SendAsync(QuotaOperations.GetServiceQuota, request, cancellationToken)).Quota?.Value;
        }
        catch (QuotaException none) when (none.ErrorCode == QuotaException.NoSuchResource)
        {
            return (await aws.SendAsync(QuotaOperations.GetDefaultServiceQuota, request, cancellationToken)).Quota?.Value;
        }
    }

    private Task<ImageFacts?> ImageAsync(string reference, EcrImage image, CancellationToken cancellationToken) => checks.AskAsync("the image", async () =>
    {
        try
        {
            BatchGetImageResponse answer = await aws.SendAsync(
                EcrOperations.BatchGetImage,
                new BatchGetImageRequest { RegistryId = image.Account, RepositoryName = image.Repository, ImageIds = [image.Id], AcceptedMediaTypes = s_manifests },
                cancellationToken);
            return answer.Images is [{ } found, ..] ? new ImageFacts(reference, true, Architectures(found.ImageManifest)) : new ImageFacts(reference, false, null);
        }
        catch (EcrException missing) when (missing.ErrorCode == EcrException.RepositoryNotFound)
        {
            return (ImageFacts?)new ImageFacts(reference, false, null);
        }
    }, null);

    private Task<LogGroupFacts?> LogGroupAsync(LogConfiguration? log, CancellationToken cancellationToken) => checks.AskAsync("the log group", async () =>
    {
        string? name = log?.Options?.GetValueOrDefault("awslogs-group");
        bool isMade = log?.Options?.GetValueOrDefault("awslogs-create-group") == "true";
        if (logs is null || log?.LogDriver is not (null or "awslogs") || name is null or JobStreams.DefaultGroup || isMade) return null;
        DescribeLogGroupsResponse answer = await logs.SendAsync(LogsOperations.DescribeLogGroups, new DescribeLogGroupsRequest { LogGroupNamePrefix = name }, cancellationToken);
        return (LogGroupFacts?)new LogGroupFacts(name, (answer.LogGroups ?? []).Any(group => group.LogGroupName == name));
    }, null);

    // A list of manifests names the platform of each; a single one names it in another document, which is not fetched.
    private static List<Architecture>? Architectures(string? manifest)
    {
        if (manifest is null) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(manifest);
            if (!document.RootElement.TryGetProperty("manifests", out JsonElement manifests)) return null;
            List<Architecture> found = [];
            foreach (JsonElement one in manifests.EnumerateArray())
            {
                string? name = one.TryGetProperty("platform", out JsonElement platform) && platform.TryGetProperty("architecture", out JsonElement text) ? text.GetString() : null;
                // "unknown" are attestations, not images.
                if (name is "amd64") found.Add(Architecture.X64);
                else if (name is "arm64") found.Add(Architecture.Arm64);
            }
            return found.Count > 0 ? [.. found.Distinct()] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsEc2(ComputeResource resources) => resources.Type is "EC2" or "SPOT";

    private static IEnumerable<InstanceQuota> Quotas(ComputeResource resources, Situation situation) =>
        AccountCauses.Hosts(resources, situation).Select(type => InstanceQuota.Of(type.Name, resources.Type == "SPOT")).OfType<InstanceQuota>().Distinct();
}
