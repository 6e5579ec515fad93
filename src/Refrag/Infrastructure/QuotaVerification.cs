using System.Globalization;
using Refrag.Aws;
using Refrag.Aws.Ec2;
using Refrag.Quotas;

namespace Refrag.Infrastructure;

/// <summary>The values of EC2's quotas, as far as they could be read.</summary>
/// <param name="Values">The value of each quota in vCPUs.</param>
/// <param name="NotRead">Why some could not be read; null if all could.</param>
internal sealed record QuotaValues(IReadOnlyDictionary<InstanceQuota, double> Values, string? NotRead)
{
    /// <summary>Nothing was asked.</summary>
    public static QuotaValues None { get; } = new(new Dictionary<InstanceQuota, double>(), null);

    /// <summary>Asks Service Quotas for the quotas that these environments count against. A right or a route that is missing costs only
    /// this check.</summary>
    /// <param name="aws">Asked.</param>
    /// <param name="demands">The environments.</param>
    /// <param name="offered">The types that the region offers, of those that environments list.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<QuotaValues> ReadAsync(
        IAwsTransport aws, IReadOnlyList<EnvironmentDemand> demands, IReadOnlyList<InstanceTypeInfo> offered,
            CancellationToken cancellationToken)
    {
        var values = new Dictionary<InstanceQuota, double>();
        try
        {
            foreach (InstanceQuota quota in demands.SelectMany(d => d.Quotas(offered)).Select(q => q.Quota).Distinct())
            {
                if (await QuotaReader.ValueAsync(aws, quota, cancellationToken) is { } value) values[quota] = value;
            }
            return new QuotaValues(values, null);
        }
        catch (AwsServiceException refused)
        {
            return new QuotaValues(values, $"{refused.Operation} answered {refused.ErrorCode}");
        }
        catch (AwsConnectionException)
        {
            return new QuotaValues(values, "Service Quotas cannot be reached");
        }
    }
}

/// <summary>Compares the maxima of environments with the account's EC2 quotas: a quota below the smallest type starts nothing, one below
/// the maxima less than they say.</summary>
internal static class QuotaVerification
{
    /// <summary>One thing for each quota. RF6027.</summary>
    /// <param name="demands">The environments.</param>
    /// <param name="offered">The types that the region offers, of those that environments list.</param>
    /// <param name="quotas">The values.</param>
    public static IEnumerable<VerifiedThing> Judge(IReadOnlyList<EnvironmentDemand> demands, IReadOnlyList<InstanceTypeInfo> offered,
        QuotaValues quotas)
    {
        var counted = demands.SelectMany(d => d.Quotas(offered).Select(q => (q.Quota, q.Smallest, Demand: d))).GroupBy(q => q.Quota)
            .ToList();
        foreach (var group in counted)
        {
            if (!quotas.Values.TryGetValue(group.Key, out double value)) continue;
            EnvironmentDemand[] all = [.. group.Select(q => q.Demand)];
            string subject = string.Create(CultureInfo.InvariantCulture,
                $"EC2 quota of {group.Key.Families} {group.Key.Market} vCPUs ({group.Key.Code}): {value:0.##}");
            var stuck = group.Where(q => IsStuck(q.Demand, offered, quotas)).ToList();
            if (stuck.Count > 0) yield return new VerifiedThing(subject, VerificationProblems
                .NoQuota(group.Key, value, [.. stuck.Select(q => q.Demand.Name)], stuck.Min(q => q.Smallest), Wanted(all)));
            else yield return new VerifiedThing(subject, null, Wanted(all) > value ? TooSmall(group.Key, value, all) : null);
        }
        if (quotas.NotRead is { } reason) yield return new VerifiedThing("EC2 quotas", null, $"not checked: {reason}");
    }

    // Only if no type is left that it could start: its types may count against several quotas, or against one that is not known.
    private static bool IsStuck(EnvironmentDemand demand, IReadOnlyList<InstanceTypeInfo> offered, QuotaValues quotas) =>
        demand.HasKnownQuotas(offered) && demand.Quotas(offered)
            .All(q => quotas.Values.TryGetValue(q.Quota, out double value) && q.Smallest > value);

    private static int Wanted(EnvironmentDemand[] demands) => demands.Sum(d => d.MaxVCpus);

    private static string TooSmall(InstanceQuota quota, double value, EnvironmentDemand[] demands) => string.Create(
        CultureInfo.InvariantCulture,
        $"{string.Join(" and ", demands.Select(d => d.Name))} may start {Wanted(demands)} vCPUs, and the account {value:0.##}: "
        + $"ask for more with `{Request(quota, Wanted(demands))}`");

    /// <summary>The command that asks AWS for a higher value.</summary>
    public static string Request(InstanceQuota quota, int wanted) => string.Create(CultureInfo.InvariantCulture,
        $"aws service-quotas request-service-quota-increase --service-code ec2 --quota-code {quota.Code} --desired-value {wanted}");
}
