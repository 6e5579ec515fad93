using System.Text;
using Refrag.Aws.Ec2;

namespace Refrag.Aws.Tests.Ec2;

/// <summary>Answers in the form of the examples in the EC2 API reference, cut down.</summary>
public sealed class NetworkXmlTests
{
    [Fact]
    public void DescribeSubnets_Answer_HasEachSubnetWithItsNetwork()
    {
        DescribeSubnetsResponse answer = Ec2Operations.DescribeSubnets.Read(Encoding.UTF8.GetBytes("""
            <DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
              <requestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</requestId>
              <subnetSet>
                <item><subnetId>subnet-9d4a7b6c</subnetId><state>available</state><vpcId>vpc-1a2b3c4d</vpcId><tagSet/></item>
                <item><vpcId>vpc-2</vpcId><subnetId>subnet-6e7f829e</subnetId></item>
              </subnetSet>
            </DescribeSubnetsResponse>
            """))!;
        Assert.Equal([new SubnetInfo("subnet-9d4a7b6c", "vpc-1a2b3c4d"), new SubnetInfo("subnet-6e7f829e", "vpc-2")], answer.Subnets);
    }

    [Fact]
    public void Describe_AnswerInPages_NamesTheNextOneAndAsksForIt()
    {
        Assert.Equal("t", Ec2Operations.DescribeSubnets.Read(Page("DescribeSubnets"))!.NextToken);
        Assert.Equal("t", Ec2Operations.DescribeRouteTables.Read(Page("DescribeRouteTables"))!.NextToken);
        Assert.Equal("t", Ec2Operations.DescribeVpcEndpoints.Read(Page("DescribeVpcEndpoints"))!.NextToken);
        Assert.Contains("&NextToken=t", Encoding.UTF8.GetString(
            Ec2Operations.DescribeSubnets.Write(new DescribeSubnetsRequest { Subnets = ["subnet-1"], NextToken = "t" })),
            StringComparison.Ordinal);

        static byte[] Page(string operation) =>
            Encoding.UTF8.GetBytes(
                $"<{operation}Response xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><nextToken>t</nextToken></{operation}Response>");
    }

    [Fact]
    public void DescribeRouteTables_Answer_HasRoutesAndSubnets()
    {
        DescribeRouteTablesResponse answer = Ec2Operations.DescribeRouteTables.Read(Encoding.UTF8.GetBytes("""
            <DescribeRouteTablesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
              <requestId>6f570b0b-9c18-4b07-bdec-73740dcf861aEXAMPLE</requestId>
              <routeTableSet>
                <item>
                  <routeTableId>rtb-13ad487a</routeTableId>
                  <vpcId>vpc-11ad4878</vpcId>
                  <routeSet>
                    <item><destinationCidrBlock>10.0.0.0/22</destinationCidrBlock><gatewayId>local</gatewayId>
                      <state>active</state><origin>CreateRouteTable</origin></item>
                  </routeSet>
                  <associationSet>
                    <item><routeTableAssociationId>rtbassoc-12ad487b</routeTableAssociationId>
                      <routeTableId>rtb-13ad487a</routeTableId><main>true</main></item>
                  </associationSet>
                  <tagSet/>
                </item>
                <item>
                  <routeTableId>rtb-f9ad4890</routeTableId>
                  <vpcId>vpc-11ad4878</vpcId>
                  <routeSet>
                    <item><destinationCidrBlock>10.0.0.0/22</destinationCidrBlock><gatewayId>local</gatewayId><state>active</state></item>
                    <item><destinationCidrBlock>0.0.0.0/0</destinationCidrBlock><natGatewayId>nat-1</natGatewayId>
                      <state>blackhole</state></item>
                    <item><destinationIpv6CidrBlock>::/0</destinationIpv6CidrBlock><gatewayId>igw-eaad4883</gatewayId>
                      <state>active</state></item>
                  </routeSet>
                  <associationSet>
                    <item><routeTableAssociationId>rtbassoc-faad4893</routeTableAssociationId>
                      <routeTableId>rtb-f9ad4890</routeTableId><subnetId>subnet-15ad487c</subnetId><main>false</main></item>
                  </associationSet>
                </item>
              </routeTableSet>
            </DescribeRouteTablesResponse>
            """))!;
        Assert.Equal(["rtb-13ad487a True ", "rtb-f9ad4890 False subnet-15ad487c"], answer.RouteTables
            .Select(t => $"{t.Id} {t.IsMain} {string.Join(',', t.Subnets)}"));
        Assert.Equal(
            [new RouteInfo("10.0.0.0/22", "local", false), new RouteInfo("0.0.0.0/0", "nat-1", true),
                new RouteInfo("", "igw-eaad4883", false)], answer.RouteTables[1].Routes);
    }

    [Fact]
    public void DescribeVpcEndpoints_Answer_HasServicesAndStates()
    {
        DescribeVpcEndpointsResponse answer = Ec2Operations.DescribeVpcEndpoints.Read(Encoding.UTF8.GetBytes("""
            <DescribeVpcEndpointsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
              <vpcEndpointSet>
                <item>
                  <policyDocument>{}</policyDocument><state>Available</state><vpcId>vpc-1</vpcId>
                  <serviceName>com.amazonaws.us-east-1.ecs</serviceName>
                  <subnetIdSet><item>subnet-1</item></subnetIdSet>
                </item>
              </vpcEndpointSet>
              <requestId>1</requestId>
            </DescribeVpcEndpointsResponse>
            """))!;
        Assert.Equal([new VpcEndpointInfo("vpc-1", "com.amazonaws.us-east-1.ecs", "available")], answer.Endpoints);
    }
}
