using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests;

/// <summary>
/// What a run on Batch can be besides one container: watched, an array, several nodes, a definition of its own; against moto.
/// </summary>
[Collection(MotoTests.Name)]
[Trait("Peer", "moto")]
public sealed class RemoteRunTests(MotoAccount moto) : IClassFixture<MotoAccount>
{
    private const string Submit = "/v1/submitjob";
    private const string Register = "/v1/registerjobdefinition";

    [Fact]
    public async Task Run_Watch_FollowsToTheEnd()
    {
        moto.SkipIfAbsent();

        Finished run = await moto.Program().RunAsync("run", "app=hello_dist", "env=awsbatch", "--watch", "--json");

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.Equal("SUCCEEDED", (string?)report["status"]);
        Assert.Equal(0, (int?)report["exitCode"]);
        Assert.Contains("SUCCEEDED", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Array_SubmitsOneJobWithChildren()
    {
        moto.SkipIfAbsent();
        await using FaultProxy proxy = new FaultProxy(moto.Endpoint, (_, _) => Fault.None).Start();

        Finished run = await moto.Program(proxy.Endpoint)
            .RunAsync("run", "app=hello_dist", "env=awsbatch", "env.array_size=3", "--watch", "--json");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(3, (int?)proxy.Sent(Submit)["arrayProperties"]!["size"]);
        JsonNode children =
            (await moto.AskAsync(
                $"batch.list_jobs(arrayJobId='{JsonNode.Parse(run.Output)!["jobId"]}', jobStatus='SUCCEEDED')['jobSummaryList']"))!;
        Assert.Equal(3, children.AsArray().Count);
    }

    [Fact]
    public async Task Run_SeveralNodes_RegistersAMultinodeDefinitionOnce()
    {
        moto.SkipIfAbsent();
        string[] command = ["run", "app=hello_dist", "env=awsbatch", "nodes=4", "--json"];
        await using FaultProxy first = new FaultProxy(moto.Endpoint, (_, _) => Fault.None).Start();
        await using FaultProxy second = new FaultProxy(moto.Endpoint, (_, _) => Fault.None).Start();

        Finished run = await moto.Program(first.Endpoint).RunAsync(command);
        Finished again = await moto.Program(second.Endpoint).RunAsync(command);

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(again.ExitCode == 0, again.ToString());
        JsonNode definition = first.Sent(Register);
        Assert.Equal("multinode", (string?)definition["type"]);
        Assert.Equal(4, (int?)definition["nodeProperties"]!["numNodes"]);
        Assert.Equal("0:3", (string?)definition["nodeProperties"]!["nodeRangeProperties"]![0]!["targetNodes"]);
        Assert.NotNull(definition["nodeProperties"]!["nodeRangeProperties"]![0]!["container"]!["image"]);
        Assert.StartsWith((string)definition["jobDefinitionName"]!, (string?)first.Sent(Submit)["jobDefinition"], StringComparison.Ordinal);
        Assert.Contains("Spot", run.Error, StringComparison.Ordinal);
        // The second run finds the first one's definition.
        Assert.Equal(0, second.Count(Register));
        Assert.Equal((string?)first.Sent(Submit)["jobDefinition"], (string?)second.Sent(Submit)["jobDefinition"]);
    }

    [Fact]
    public async Task Run_OtherImage_DerivesADefinitionThatKeepsTheRest()
    {
        moto.SkipIfAbsent();
        await using FaultProxy proxy = new FaultProxy(moto.Endpoint, (_, _) => Fault.None).Start();

        Finished run = await moto.Program(proxy.Endpoint)
            .RunAsync("run", "app=train", "env=awsbatch", "env.gpus=1", "env.image=mine:7", "--json");

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode container = proxy.Sent(Register)["containerProperties"]!;
        Assert.Equal("mine:7", (string?)container["image"]);
        Assert.Equal("VCPU=8 MEMORY=32768 GPU=1",
            string.Join(' ', container["resourceRequirements"]!.AsArray().Select(r => $"{r!["type"]}={r["value"]}")));
        JsonNode job = (await moto.AskAsync($"batch.describe_jobs(jobs=['{JsonNode.Parse(run.Output)!["jobId"]}'])['jobs'][0]"))!;
        Assert.Contains($"/{proxy.Sent(Register)["jobDefinitionName"]}:", (string?)job["jobDefinition"], StringComparison.Ordinal);
    }
}
