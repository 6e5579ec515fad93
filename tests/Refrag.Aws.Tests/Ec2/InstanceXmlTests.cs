using System.Text;
using Refrag.Aws.Ec2;

namespace Refrag.Aws.Tests.Ec2;

public sealed class InstanceXmlTests
{
    // The form of the example response of DescribeInstances, cut down, with a second reservation of a Spot instance. (EC2 API Reference,
    // DescribeInstances; Instance: instanceLifecycle is absent on demand)
    private const string Answer = """
        <?xml version="1.0" encoding="UTF-8"?>
        <DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
          <requestId>8f7724cf-496f-496e-8fe3-example</requestId>
          <reservationSet>
            <item>
              <reservationId>r-1234567890abcdef0</reservationId>
              <groupSet/>
              <instancesSet>
                <item>
                  <instanceId>i-1234567890abcdef0</instanceId>
                  <instanceState><code>16</code><name>running</name></instanceState>
                  <privateDnsName>ip-192-168-1-88.eu-west-1.compute.internal</privateDnsName>
                  <instanceType>t2.micro</instanceType>
                  <placement><availabilityZone>eu-west-1c</availabilityZone><groupName/><tenancy>default</tenancy></placement>
                  <privateIpAddress>192.168.1.88</privateIpAddress>
                  <blockDeviceMapping><item><deviceName>/dev/xvda</deviceName></item></blockDeviceMapping>
                </item>
              </instancesSet>
            </item>
            <item>
              <reservationId>r-2</reservationId>
              <instancesSet>
                <item>
                  <instanceId>i-2</instanceId>
                  <instanceType>c5.large</instanceType>
                  <placement><availabilityZone>eu-west-1a</availabilityZone></placement>
                  <instanceLifecycle>spot</instanceLifecycle>
                </item>
              </instancesSet>
            </item>
          </reservationSet>
          <nextToken>more</nextToken>
        </DescribeInstancesResponse>
        """;

    [Fact]
    public void Instances_OfSeveralReservations_HaveTypeZoneAndMarket()
    {
        DescribeInstancesResponse read = InstanceXml.Instances(Encoding.UTF8.GetBytes(Answer));

        Assert.Equal(
            [
                new InstanceInfo("i-1234567890abcdef0", "t2.micro", "eu-west-1c")
                {
                    State = "running",
                    PrivateAddress = "192.168.1.88",
                    PrivateName = "ip-192-168-1-88.eu-west-1.compute.internal",
                },
                new InstanceInfo("i-2", "c5.large", "eu-west-1a") { Lifecycle = "spot" },
            ], read.Instances);
        Assert.Equal("more", read.NextToken);
    }

    [Fact]
    public void Request_ManyInstances_IsAFilter()
    {
        string body = Encoding.ASCII.GetString(
            Ec2Operations.DescribeInstances.Writer!(new DescribeInstancesRequest { Instances = ["i-1", "i-2"] }));

        Assert.Equal(
            "Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=instance-id&Filter.1.Value.1=i-1&Filter.1.Value.2=i-2", body);
    }
}
