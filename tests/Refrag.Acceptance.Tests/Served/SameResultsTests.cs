using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>The same commands on this machine in process and through the server: the same results.</summary>
[Collection(ServedTests.Name)]
public sealed class SameResultsTests(ServedBatch served) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-same");

    public static TheoryData<bool> Ways => [false, true];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Run_HelloDist_PrintsTheMessage(bool isServed)
    {
        Finished run = await RunAsync(isServed, "app=hello_dist", "message=Hello", "env.vcpus=1", "env.memory=64MiB");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("rank 0/1", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Contains(": Hello", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Equal(("SUCCEEDED", "refrag-cpu-job-queue"), Report(run));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Run_ChildFails_ExitCodeIsTheChilds(bool isServed)
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo out; exit 7']}");
        Finished run = await RunAsync(isServed, "app=mine", "env.retries=0", "env.vcpus=1", "env.memory=64MiB");
        Assert.True(run.ExitCode == 7, run.ToString());
        Assert.Equal(("FAILED", "refrag-cpu-job-queue"), Report(run));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Run_Array_EveryChildEnds(bool isServed)
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo child $AWS_BATCH_JOB_ARRAY_INDEX; exit $AWS_BATCH_JOB_ARRAY_INDEX']}");
        Finished run = await RunAsync(isServed, "app=mine", "env.array_size=3", "env.retries=0", "env.vcpus=1", "env.memory=64MiB");
        Assert.True(run.ExitCode is 1 or 2, run.ToString());
        foreach (int child in (int[])[0, 1, 2]) Assert.Contains($"child {child}", run.Output + run.Error, StringComparison.Ordinal);
        Assert.Equal(("FAILED", "refrag-cpu-job-queue"), Report(run));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Run_FourNodes_CallsTheRoll(bool isServed)
    {
        Finished run = await RunAsync(isServed, "app=hello_dist", "nodes=4", "message=hi", "env.vcpus=1", "env.memory=64MiB");
        Assert.True(run.ExitCode == 0, run.ToString());
        foreach (int rank in (int[])[0, 1, 2, 3]) Assert.Contains($"rank {rank}/4", run.Output + run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<Finished> RunAsync(bool isServed, params string[] overrides)
    {
        BuiltProgram program = (isServed ? await served.ClientAsync() : new BuiltProgram()) with { WorkingDirectory = _folder.FullName };
        string[] where = isServed ? ["env=awsbatch", $"env.endpoint_url={served.Url}", "--watch"] : ["env=local"];
        return await program.RunAsync(["run", "--json", .. overrides, .. where]);
    }

    private static (string?, string?) Report(Finished run)
    {
        JsonNode report = JsonNode.Parse(run.Output)!;
        return ((string?)report["status"], (string?)report["jobQueue"]);
    }

    private void Configure(string yaml)
    {
        Directory.CreateDirectory(Path.Combine(_folder.FullName, "conf", "app"));
        File.WriteAllText(Path.Combine(_folder.FullName, "conf", "app", "mine.yaml"), $"# @package _global_\n{yaml}\n");
    }
}
