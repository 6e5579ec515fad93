using Refrag.Quotas;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Diagnosis;

/// <summary>A quota's value, and what of it is in use as far as Batch's environments show.</summary>
/// <param name="Quota">The quota.</param>
/// <param name="VCpus">Its value.</param>
/// <param name="InUse">The desired vCPUs of all environments of the region that count against it; other instances of the account are not
/// seen.</param>
public sealed record QuotaValue(InstanceQuota Quota, double VCpus, int InUse);

/// <summary>An image in ECR.</summary>
/// <param name="Reference">As the job names it.</param>
/// <param name="Exists">Whether it is there.</param>
/// <param name="Architectures">The architectures that it has; null if its manifest names none.</param>
public sealed record ImageFacts(string Reference, bool Exists, IReadOnlyList<Architecture>? Architectures);

/// <summary>The log group that a job's output goes to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Exists">Whether it is there.</param>
public sealed record LogGroupFacts(string Name, bool Exists);

/// <summary>What of a job is looked up outside Batch; each null or empty where it was not asked.</summary>
public sealed record AccountFacts
{
    /// <summary>Nothing was asked.</summary>
    public static AccountFacts None { get; } = new();

    /// <summary>The quotas that instances of the queue's environments count against.</summary>
    public IReadOnlyList<QuotaValue> Quotas { get; init; } = [];

    /// <summary>The subnets of the queue's environments.</summary>
    public IReadOnlyList<SubnetFacts> Subnets { get; init; } = [];

    /// <summary>Roles that cannot be used.</summary>
    public IReadOnlyList<RoleFacts> Roles { get; init; } = [];

    /// <summary>How good EC2 finds the chances of Spot instances of the queue's types; null if it was not asked.</summary>
    public SpotChance? Spot { get; init; }

    /// <summary>The image, where it is in ECR.</summary>
    public ImageFacts? Image { get; init; }

    /// <summary>The log group, where it is not Batch's own, which Batch makes.</summary>
    public LogGroupFacts? LogGroup { get; init; }
}
