using System.Net;
using System.Text;
using Refrag.Aws.Ec2;

namespace Refrag.Aws.Tests.Ec2;

public sealed class Ec2XmlTests
{
    // The form in which EC2 answers, cut down to two types.
    private const string Answer = """
        <?xml version="1.0" encoding="UTF-8"?>
        <DescribeInstanceTypesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
          <requestId>1</requestId>
          <instanceTypeSet>
            <item>
              <instanceType>g5.12xlarge</instanceType>
              <gpuInfo>
                <gpus><item><count>3</count><name>A10G</name></item><item><count>1</count></item></gpus>
                <totalGpuMemoryInMiB>91553</totalGpuMemoryInMiB>
              </gpuInfo>
              <memoryInfo><sizeInMiB>196608</sizeInMiB></memoryInfo>
              <vCpuInfo><defaultVCpus>48</defaultVCpus><validCores><item>2</item></validCores></vCpuInfo>
              <hibernationSupported/>
            </item>
            <item>
              <memoryInfo><sizeInMiB>16384</sizeInMiB></memoryInfo>
              <instanceType>m6i.xlarge</instanceType>
              <vCpuInfo><defaultVCpus>4</defaultVCpus></vCpuInfo>
            </item>
          </instanceTypeSet>
          <nextToken>more</nextToken>
        </DescribeInstanceTypesResponse>
        """;

    [Fact]
    public void InstanceTypes_Answer_HasSizesInWhateverOrder()
    {
        DescribeInstanceTypesResponse read = Ec2Xml.InstanceTypes(Encoding.UTF8.GetBytes(Answer));
        Assert.Equal(
            [new InstanceTypeInfo("g5.12xlarge", 48, 196608, 4) { GpuModel = "A10G" }, new InstanceTypeInfo("m6i.xlarge", 4, 16384, 0)],
            read.InstanceTypes);
        Assert.Equal("more", read.NextToken);
    }

    [Theory]
    [InlineData("<DescribeInstanceTypesResponse><instanceTypeSet>")]
    [InlineData("no XML at all")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>")]
    [InlineData(
        "<DescribeInstanceTypesResponse><instanceTypeSet><item><vCpuInfo><defaultVCpus>many</defaultVCpus></vCpuInfo></item>"
            + "</instanceTypeSet></DescribeInstanceTypesResponse>")]
    public void InstanceTypes_NoAnswer_IsInvalidData(string text) =>
        Assert.Throws<InvalidDataException>(() => Ec2Xml.InstanceTypes(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Error_OfEc2_HasCodeAndMessage()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Forbidden);
        const string Body =
            "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You may "
                + "not</Message></Error></Errors><RequestID>1</RequestID></Response>";
        Refused refused = ErrorReader.Read(response, Encoding.UTF8.GetBytes(Body), DateTimeOffset.UnixEpoch);
        Assert.Equal(("UnauthorizedOperation", "You may not"), (refused.Error.Code, refused.Error.Message));
    }

    [Fact]
    public void Error_OfAProxy_FallsBackToTheStatus()
    {
        using var response = new HttpResponseMessage(HttpStatusCode.Forbidden);
        Assert.Equal(
            "AccessDeniedException", ErrorReader.Read(response, "<html><p>Blocked"u8.ToArray(), DateTimeOffset.UnixEpoch).Error.Code);
    }

    [Fact]
    public void Write_Request_IsAFormOfAFilter()
    {
        var request = new DescribeInstanceTypesRequest { Patterns = ["c6i.*", "m6i.xlarge"], NextToken = "a=b" };
        Assert.Equal(
            "Action=DescribeInstanceTypes&Version=2016-11-15&Filter.1.Name=instance-type&Filter.1.Value.1=c6i.%2A"
                + "&Filter.1.Value.2=m6i.xlarge&NextToken=a%3Db",
            Encoding.ASCII.GetString(Ec2Operations.DescribeInstanceTypes.Write(request)));
    }
}
