using System.Text;
using System.Text.Json;
using Refrag.Aws.Batch;

namespace Refrag.Aws.Tests.Operations;

public sealed class RehearsalOperationsTests
{
    [Fact]
    public void Read_UsageOfFleets_HasEachLine() => Assert.Equal(
        [new FleetUsageLine("fleet", "m5.large", true, 2, 1.5)],
        Read("""
            {"instances":[],"usage":[{"computeEnvironment":"fleet","type":"m5.large","spot":true,"instances":2,"hours":1.5}]}
            """));

    // A proxy's page, another server's answer, and ours with something wrong in each place.
    [Theory]
    [InlineData("")]
    [InlineData("<html><body>Sign in</body></html>")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("""{"usage":null}""")]
    [InlineData("""{"usage":{}}""")]
    [InlineData("""{"usage":[7]}""")]
    [InlineData("""{"usage":[{}]}""")]
    [InlineData("""{"usage":[{"computeEnvironment":7,"type":"t","spot":true,"instances":1,"hours":1}]}""")]
    [InlineData("""{"usage":[{"computeEnvironment":"\ud800","type":"t","spot":true,"instances":1,"hours":1}]}""")]
    [InlineData("""{"usage":[{"computeEnvironment":"e","type":"t","spot":"yes","instances":1,"hours":1}]}""")]
    [InlineData("""{"usage":[{"computeEnvironment":"e","type":"t","spot":true,"instances":1.5,"hours":1}]}""")]
    [InlineData("""{"usage":[{"computeEnvironment":"e","type":"t","spot":true,"instances":1,"hours":"1"}]}""")]
    [InlineData("""{"usage":[{"computeEnvironment":"e","type":"t","spot":true,"instances":1,"hours":1e300}]}""")]
    [InlineData("""{"usage":[{"computeEnvironment":"e","type":"t","spot":true,"instances":1,"hours":-1}]}""")]
    public void Read_AForeignAnswer_IsNotOneOfTheOperation(string answer)
    {
        Exception failure = Assert.ThrowsAny<Exception>(() => Read(answer));
        Assert.True(failure is JsonException or InvalidDataException, failure.ToString());
    }

    private static IReadOnlyList<FleetUsageLine> Read(string answer) =>
        RehearsalOperations.DescribeFleetUsage.Read(Encoding.UTF8.GetBytes(answer))!.Usage;
}
