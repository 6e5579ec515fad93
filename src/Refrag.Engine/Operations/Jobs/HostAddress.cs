using System.Globalization;
using System.Net;
using Refrag.Engine.Jobs;

namespace Refrag.Engine.Operations.Jobs;

/// <summary>The address of a simulated instance in its network. No program listens there.</summary>
internal static class HostAddress
{
    // AWS keeps the first four addresses of a subnet. (VPC guide, subnet-sizing)
    private const int Reserved = 4;
    private const long Last = 0x00FF_FFFF;

    /// <summary>The private address, in 10.0.0.0/8.</summary>
    public static IPAddress Of(FleetInstance host)
    {
        long at = (host.Number - 1 + Reserved) & Last;
        return new IPAddress([10, (byte)(at >> 16), (byte)(at >> 8), (byte)at]);
    }

    /// <summary>Its name in the network's DNS. (EC2 guide, instance-naming: us-east-1 has a domain of its own)</summary>
    public static string Name(IPAddress address, string region) => string.Create(
        CultureInfo.InvariantCulture,
        $"ip-{address.ToString().Replace('.', '-')}.{(region == "us-east-1" ? "ec2" : $"{region}.compute")}.internal");
}
