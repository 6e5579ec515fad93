using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests;

/// <summary>
/// The usage commands that users of the original know, one by one, against moto: the right queue, definition and requirements.
/// </summary>
[Collection(MotoTests.Name)]
[Trait("Peer", "moto")]
public sealed class ReferenceUsageTests(MotoAccount moto) : IClassFixture<MotoAccount>
{
    public static TheoryData<string, string, string, string> Commands => new()
    {
        { "app=hello_dist|env=awsbatch", "refrag-cpu-job-queue", "refrag-cpu-job-def", "" },
        { "app=hello_dist|env=awsbatch|message=Hello from CPU", "refrag-cpu-job-queue", "refrag-cpu-job-def", "" },
        { "app=hello_dist|env=awsbatch|env.gpus=0", "refrag-cpu-job-queue", "refrag-cpu-job-def", "" },
        { "app=train|env=awsbatch|env.gpus=1", "refrag-gpu-job-queue", "refrag-gpu-job-def", "GPU=1" },
        {
            "app=train|env=awsbatch|env.gpus=2|env.vcpus=16|env.memory=65536", "refrag-gpu-job-queue", "refrag-gpu-job-def",
            "VCPU=16 MEMORY=65536 GPU=2"
        },
        {
            "app=train|env=awsbatch|env.job_queue=refrag-gpu-job-queue|env.job_definition_name=refrag-gpu-job-def|env.gpus=1",
            "refrag-gpu-job-queue", "refrag-gpu-job-def", "GPU=1"
        },
        { "app=train|env=aws_batch|env.job_queue=refrag-gpu-job-queue|env.gpus=1", "refrag-gpu-job-queue", "refrag-gpu-job-def", "GPU=1" },
        { "app=train|env=awsbatch|launcher.gpus=1", "refrag-gpu-job-queue", "refrag-gpu-job-def", "GPU=1" },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Run_ReferenceCommand_LandsOnTheRightQueue(string command, string queue, string definition, string requirements)
    {
        moto.SkipIfAbsent();
        await using FaultProxy proxy = new FaultProxy(moto.Endpoint, (_, _) => Fault.None).Start();

        Finished run = await moto.Program(proxy.Endpoint).RunAsync(["run", .. Words(command), "--json"]);

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode report = JsonNode.Parse(run.Output)!;
        Assert.Equal(queue, (string?)report["jobQueue"]);
        Assert.Equal(definition, (string?)report["jobDefinition"]);

        JsonNode job = (await moto.AskAsync($"batch.describe_jobs(jobs=['{report["jobId"]}'])['jobs'][0]"))!;
        Assert.EndsWith($"job-queue/{queue}", (string?)job["jobQueue"], StringComparison.Ordinal);
        Assert.Contains($"job-definition/{definition}:", (string?)job["jobDefinition"], StringComparison.Ordinal);
        Assert.Equal(command.Contains("hello_dist", StringComparison.Ordinal) ? "hello_dist" : "train", (string?)job["tags"]!["app"]);

        // moto ignores overrides at submission, so what was asked for is read from the request that was sent.
        JsonNode sent = proxy.Sent("/v1/submitjob")["containerOverrides"]!;
        IEnumerable<string> asked = sent["resourceRequirements"]?.AsArray().Select(r => $"{r!["type"]}={r["value"]}") ?? [];
        Assert.Equal(requirements, string.Join(' ', asked));
    }

    [Theory]
    [InlineData("0", null, "refrag-cpu-job-queue", "refrag-cpu-job-def", "VCPU=4 MEMORY=8192")]
    [InlineData("1", "1", "refrag-gpu-job-queue", "refrag-gpu-job-def", "VCPU=8 MEMORY=32768 GPU=1")]
    public async Task Submit_ReferenceCommand_RegistersAndLandsOnTheRightQueue(
        string useGpu, string? count, string queue, string definition, string requirements)
    {
        moto.SkipIfAbsent();
        BuiltProgram program = moto.Program()
            .With("USE_GPU", useGpu)
            .With("GPU_COUNT", count).With("ECR_IMAGE", "123456789012.dkr.ecr.us-east-1.amazonaws.com/refrag:latest");

        Finished first = await program.RunAsync("submit", "--json");
        Finished second = await program.RunAsync("submit", "--json");

        Assert.True(first.ExitCode == 0, first.ToString());
        Assert.True(second.ExitCode == 0, second.ToString());
        JsonNode report = JsonNode.Parse(first.Output)!;
        Assert.Equal(queue, (string?)report["jobQueue"]);
        Assert.StartsWith($"{definition}:", (string?)report["jobDefinition"], StringComparison.Ordinal);
        // Nothing changed, so the second run reuses the first one's revision.
        Assert.Equal((string?)report["jobDefinition"], (string?)JsonNode.Parse(second.Output)!["jobDefinition"]);

        string revision = ((string?)report["jobDefinition"])!.Split(':')[1];
        JsonNode registered = (await moto.AskAsync(
            $"[d for d in batch.describe_job_definitions(jobDefinitionName='{definition}')['jobDefinitions'] if d['revision'] == "
                + $"{revision}][0]"))!;
        JsonNode container = registered["containerProperties"]!;
        Assert.Equal("123456789012.dkr.ecr.us-east-1.amazonaws.com/refrag:latest", (string?)container["image"]);
        Assert.Equal(
            requirements, string.Join(' ', container["resourceRequirements"]!.AsArray().Select(r => $"{r!["type"]}={r["value"]}")));
    }

    // Written with a bar between the words, so that a word may have spaces.
    private static string[] Words(string command) => command.Split('|');
}
