using Refrag.Aws;
using Refrag.Aws.ServiceQuotas;

namespace Refrag.Quotas;

/// <summary>Reads quotas of EC2.</summary>
internal static class QuotaReader
{
    /// <summary>The account's value of a quota in vCPUs, or the default of new accounts if it never had one of its own; null if AWS names
    /// none.</summary>
    /// <param name="aws">Asked.</param>
    /// <param name="quota">The quota.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<double?> ValueAsync(IAwsTransport aws, InstanceQuota quota, CancellationToken cancellationToken)
    {
        var request = new GetServiceQuotaRequest { ServiceCode = "ec2", QuotaCode = quota.Code };
        try
        {
            return (await aws.SendAsync(QuotaOperations.GetServiceQuota, request, cancellationToken)).Quota?.Value;
        }
        catch (QuotaException none) when (none.ErrorCode == QuotaException.NoSuchResource)
        {
            return (await aws.SendAsync(QuotaOperations.GetDefaultServiceQuota, request, cancellationToken)).Quota?.Value;
        }
    }
}
