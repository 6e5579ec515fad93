namespace Refrag.Aws;

/// <summary>AWS's partitions: regions that share accounts and a domain.</summary>
internal static class AwsPartition
{
    // A region's name begins with its partition's mark; whatever has no mark is in the commercial partition. (AWS General Reference, endpoints)
    private static readonly (string Prefix, string Domain)[] s_domains =
    [
        ("cn-", "amazonaws.com.cn"),
        ("us-iso-", "c2s.ic.gov"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"),
        ("eu-isoe-", "cloud.adc-e.uk"),
        ("eusc-", "amazonaws.eu"),
        ("", "amazonaws.com"),
    ];

    public static string Host(AwsService service, string region)
    {
        string domain = s_domains.First(d => region.StartsWith(d.Prefix, StringComparison.Ordinal)).Domain;
        return $"https://{service.HostPrefix}.{region}.{domain}";
    }
}
