using System.Net;
using System.Text;
using System.Xml.Linq;
using Refrag.Aws;
using Refrag.Aws.Ec2;

namespace Refrag.Server.Tests.Endpoints;

/// <summary>The part of EC2 that is served, in its forms and XML. (EC2 API Reference, query requests and error codes)</summary>
public sealed class Ec2EndpointTests
{
    [Fact]
    public async Task DescribeInstances_ByFilterOrList_HasTheShapeThatTheClientReads()
    {
        await using TestServer server = await TestServer.StartAsync(new Hosts());

        foreach (string which in (string[])["InstanceId.1=i-1", "Filter.1.Name=instance-id&Filter.1.Value.1=i-1"])
        {
            Answer answer = await AskAsync(server, $"Action=DescribeInstances&Version=2016-11-15&{which}");

            Assert.Equal(HttpStatusCode.OK, answer.Status);
            DescribeInstancesResponse read = InstanceXml.Instances(Encoding.UTF8.GetBytes(answer.Body));
            Assert.Equal([Host("i-1")], read.Instances);
        }
        Assert.Empty(server.Log);
    }

    [Theory]
    [InlineData("Action=RunInstances", "InvalidAction")]
    [InlineData("", "InvalidAction")]
    [InlineData("Action=DescribeInstances&Filter.1.Name=tag%3Aa&Filter.1.Value.1=b", "InvalidParameterValue")]
    [InlineData("Action=DescribeInstances&Filter.1.Name=%00%01&Filter.1.Value.1=b", "InvalidParameterValue")]
    [InlineData("Action=DescribeInstances&Owner=me", "UnknownParameter")]
    [InlineData("Action=DescribeInstances&Action=x", "MalformedQueryString")]
    [InlineData("Action=DescribeSpotPriceHistory&StartTime=soon", "InvalidParameterValue")]
    public async Task Ec2_WhatIsNotServed_IsRefusedInItsErrors(string body, string code)
    {
        await using TestServer server = await TestServer.StartAsync(new Hosts());

        Answer answer = await AskAsync(server, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(code, (string?)XDocument.Parse(answer.Body).Root!.Element("Errors")!.Element("Error")!.Element("Code"));
        Assert.Empty(server.Log);
    }

    [Fact]
    public async Task Ec2_SignedForAnotherService_IsRefused()
    {
        await using TestServer server = await TestServer.StartAsync(new Hosts());

        Answer answer = await AskAsync(server, "Action=DescribeInstances&InstanceId.1=i-1", AwsService.Batch);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    private static Task<Answer> AskAsync(TestServer server, string body, AwsService? service = null) => server.SendAsync(server.Signed(
        HttpMethod.Post, "/", body, service: service ?? AwsService.Ec2, type: "application/x-www-form-urlencoded"));

    private static InstanceInfo Host(string id) => new(id, "m6i.large", "us-east-1a")
    {
        Lifecycle = "spot",
        State = "running",
        PrivateAddress = "10.0.0.4",
        PrivateName = "ip-10-0-0-4.ec2.internal",
    };

    private sealed class Hosts : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class
        {
            DescribeInstancesRequest asked = Assert.IsType<DescribeInstancesRequest>(request);
            object answer = new DescribeInstancesResponse
            {
                Instances = [.. asked.Instances.Select(Host)],
            };
            return Task.FromResult((TResponse)answer);
        }
    }
}
