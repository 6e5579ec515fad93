namespace Refrag.Aws.Ec2;

/// <summary>Reads EC2's XML about instances.</summary>
internal static class InstanceXml
{
    private const string Item = "/DescribeInstancesResponse/reservationSet/item/instancesSet/item";

    public static DescribeInstancesResponse Instances(byte[] body)
    {
        string? next = null;
        var instances = new List<InstanceInfo>();
        foreach ((string path, string text) in XmlLeaves.Of(body, Item))
        {
            if (path == "/DescribeInstancesResponse/nextToken") next = text.Length > 0 ? text : null;
            else if (path == Item) instances.Add(new InstanceInfo("", "", ""));
            else if (path.StartsWith($"{Item}/", StringComparison.Ordinal))
                instances[^1] = With(instances[^1], path[(Item.Length + 1)..], text);
        }
        return new DescribeInstancesResponse { Instances = instances, NextToken = next };
    }

    private static InstanceInfo With(InstanceInfo instance, string member, string text) => member switch
    {
        "instanceId" => instance with { Id = text },
        "instanceType" => instance with { Type = text },
        "placement/availabilityZone" => instance with { Zone = text },
        "instanceLifecycle" => instance with { Lifecycle = text },
        "instanceState/name" => instance with { State = text },
        "privateIpAddress" => instance with { PrivateAddress = text },
        "privateDnsName" => instance with { PrivateName = text },
        _ => instance,
    };
}
