using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Infrastructure;
using Refrag.JobLogs;
using Refrag.Monitoring;
using Refrag.Quotas;

namespace Refrag.Diagnosis;

/// <summary>Reads what other services know of a job that is to start: EC2's quotas, the image, the log group, the roles.</summary>
internal sealed class AccountReader(IAwsTransport batch, IAwsTransport aws, IDownloads? downloads, IAwsTransport? logs, Checks checks)
{
    /// <summary>The facts, as far as they may be asked.</summary>
    public async Task<AccountFacts> OfAsync(Situation situation, CancellationToken cancellationToken)
    {
        ContainerProperties? defined = situation.Definition?.ContainerProperties;
        string? image = situation.Job?.Container?.Image ?? defined?.Image;
        LogConfiguration? log = situation.Job?.Container?.LogConfiguration ?? defined?.LogConfiguration;
        return new AccountFacts
        {
            Quotas = await QuotasAsync(situation, cancellationToken),
            Image = image is not null && EcrImage.Parse(image) is { } inEcr
                ? await new ImageReader(aws, downloads, checks).OfAsync(image, inEcr, cancellationToken)
                : null,
            Subnets = await new SubnetReader(aws, checks).OfAsync(situation, cancellationToken),
            Roles = await new RoleReader(aws, checks).OfAsync(situation, cancellationToken),
            Spot = await new SpotChanceReader(aws, checks).OfAsync(situation, cancellationToken),
            LogGroup = await LogGroupAsync(log, cancellationToken),
        };
    }

    private async Task<IReadOnlyList<QuotaValue>> QuotasAsync(Situation situation, CancellationToken cancellationToken)
    {
        ComputeResource[] ec2 = [.. situation.Environments.Select(e => e.Detail?.ComputeResources).OfType<ComputeResource>().Where(IsEc2)];
        InstanceQuota[] wanted = [.. ec2.SelectMany(r => Quotas(r, situation)).Distinct()];
        if (wanted.Length == 0) return [];
        IReadOnlyList<ComputeEnvironmentDetail> all =
            await checks.AskAsync<IReadOnlyList<ComputeEnvironmentDetail>>(
                "other environments", () => new QueueReader(batch).EnvironmentsAsync([], cancellationToken), []);
        List<QuotaValue> values = [];
        foreach (InstanceQuota quota in wanted)
        {
            string what = $"the EC2 quota of {quota.Families} {quota.Market} vCPUs";
            if (checks.IsOutOfReach(AwsService.ServiceQuotas, what)) continue;
            double? value = await checks.AskAsync(what, () => QuotaReader.ValueAsync(aws, quota, cancellationToken), null);
            int used = all.Select(e => e.ComputeResources)
                .OfType<ComputeResource>().Where(r => IsEc2(r) && CountsAgainst(r, quota)).Sum(r => r.DesiredvCpus ?? 0);
            if (value is { } vCpus) values.Add(new QuotaValue(quota, vCpus, used));
        }
        return values;
    }

    private Task<LogGroupFacts?> LogGroupAsync(LogConfiguration? log, CancellationToken cancellationToken) =>
        checks.AskAsync("the log group", async () =>
    {
        string? name = log?.Options?.GetValueOrDefault("awslogs-group");
        bool isMade = log?.Options?.GetValueOrDefault("awslogs-create-group") == "true";
        bool isKept = log?.LogDriver is null or LogDriver.Awslogs;
        if (logs is null || !isKept || name is null or JobStreams.DefaultGroup || isMade) return null;
        DescribeLogGroupsResponse answer =
            await logs.SendAsync(
                LogsOperations.DescribeLogGroups, new DescribeLogGroupsRequest { LogGroupNamePrefix = name }, cancellationToken);
        return (LogGroupFacts?)new LogGroupFacts(name, (answer.LogGroups ?? []).Any(group => group.LogGroupName == name));
    }, null);

    private static bool IsEc2(ComputeResource resources) => resources.Type is CRType.Ec2 or CRType.Spot;

    // Whatever the job is, and whether it would fit there: the instances of others count. Where types of several quotas are mixed it is not
    // known which of them run, and nothing is counted.
    private static bool CountsAgainst(ComputeResource resources, InstanceQuota quota) =>
        resources.InstanceTypes is { Count: > 0 } types && types.All(t => InstanceQuota.Of(t, resources.Type == CRType.Spot) == quota);

    private static IEnumerable<InstanceQuota> Quotas(ComputeResource resources, Situation situation) =>
        AccountCauses.Hosts(resources, situation).Select(type => type.Name).Concat(AccountCauses.UnknownTypes(resources, situation))
            .Select(type => InstanceQuota.Of(type, resources.Type == CRType.Spot)).OfType<InstanceQuota>().Distinct();
}
