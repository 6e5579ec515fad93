namespace Refrag.Aws;

/// <summary>AWS's partitions: regions that share accounts and a domain.</summary>
internal static class AwsPartition
{
    // A region's name begins with its partition's mark; whatever has no mark is in the commercial partition. (AWS General Reference,
    // endpoints) Name is what ARNs say; Central is the region that answers for services without regions.
    private static readonly (string Prefix, string Name, string Domain, string Central)[] s_partitions =
    [
        ("cn-", "aws-cn", "amazonaws.com.cn", "cn-north-1"),
        ("us-gov-", "aws-us-gov", "amazonaws.com", "us-gov-west-1"),
        ("us-iso-", "aws-iso", "c2s.ic.gov", "us-iso-east-1"),
        ("us-isob-", "aws-iso-b", "sc2s.sgov.gov", "us-isob-east-1"),
        ("us-isof-", "aws-iso-f", "csp.hci.ic.gov", "us-isof-south-1"),
        ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "eu-isoe-west-1"),
        ("eusc-", "aws-eusc", "amazonaws.eu", "eusc-de-east-1"),
        ("", "aws", "amazonaws.com", "us-east-1"),
    ];

    public static string Host(AwsService service, string region)
    {
        (_, _, string domain, string central) = Of(region);
        if (!service.IsGlobal) return $"https://{service.HostPrefix}.{region}.{domain}";
        return central switch
        {
            "us-east-1" => $"https://{service.HostPrefix}.{domain}",
            "us-gov-west-1" => $"https://{service.HostPrefix}.us-gov.{domain}",
            _ => $"https://{service.HostPrefix}.{central}.{domain}",
        };
    }

    /// <summary>The region that requests to a service are signed for.</summary>
    public static string SigningRegion(AwsService service, string region) => service.IsGlobal ? Of(region).Central : region;

    /// <summary>The partition's name in ARNs, such as <c>aws-us-gov</c>.</summary>
    public static string NameOf(string region) => Of(region).Name;

    private static (string Prefix, string Name, string Domain, string Central) Of(string region) =>
        s_partitions.First(d => region.StartsWith(d.Prefix, StringComparison.Ordinal));
}
