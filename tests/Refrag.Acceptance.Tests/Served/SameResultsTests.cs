using System.Text.Json.Nodes;
using Refrag.Acceptance.Tests.Peers;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>What answers the Batch API.</summary>
public enum Backend
{
    /// <summary><c>env=local</c>: the engine in the program's own process.</summary>
    InProcess,

    /// <summary><c>env=awsbatch</c> with our server as its endpoint.</summary>
    Served,

    /// <summary><c>env=awsbatch</c> with moto as its endpoint, which takes jobs and calls them done without running anything.</summary>
    Moto,
}

/// <summary>
/// One suite of commands for every backend: the same results wherever a backend can answer. What only running shows is left out with moto.
/// </summary>
[Collection(MotoTests.Name)]
[Trait("Peer", "moto")]
public sealed class SameResultsTests(
    ServedBatch served, MotoAccount moto) : IClassFixture<ServedBatch>, IClassFixture<MotoAccount>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-same");

    public static TheoryData<Backend> All => [Backend.InProcess, Backend.Served, Backend.Moto];

    public static TheoryData<Backend> Running => [Backend.InProcess, Backend.Served];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Run_HelloDist_PrintsTheMessage(Backend backend)
    {
        Finished run = await RunAsync(backend, "app=hello_dist", "message=Hello", "env.vcpus=1", "env.memory=64MiB");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(("SUCCEEDED", "refrag-cpu-job-queue"), Report(run));
        Said(backend, run, "rank 0/1", ": Hello");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Run_ArrayOfThree_EveryChildSucceeds(Backend backend)
    {
        Finished run = await RunAsync(backend, "app=hello_dist", "message=Hello", "env.array_size=3", "env.vcpus=1", "env.memory=64MiB");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(("SUCCEEDED", "refrag-cpu-job-queue"), Report(run));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Run_FourNodes_CallsTheRoll(Backend backend)
    {
        Finished run = await RunAsync(backend, "app=hello_dist", "nodes=4", "message=hi", "env.vcpus=1", "env.memory=64MiB");
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(("SUCCEEDED", "refrag-cpu-job-queue"), Report(run));
        Said(backend, run, "rank 0/4", "rank 1/4", "rank 2/4", "rank 3/4");
    }

    // On this machine the queue that is named is made.
    [Theory]
    [InlineData(Backend.Served)]
    [InlineData(Backend.Moto)]
    public async Task Run_QueueThatThereIsNot_IsRefused(Backend backend)
    {
        Finished run =
            await RunAsync(backend, "app=hello_dist", "env.job_queue=nowhere", "env.job_definition_name=refrag-cpu-job-def", "env.vcpus=1",
                "env.memory=64MiB");
        Assert.True(run.ExitCode is not 0, run.ToString());
        Assert.Contains("nowhere", run.Error, StringComparison.Ordinal);
        Assert.Matches("RF[0-9]{4} ", run.Error);
    }

    [Theory]
    [MemberData(nameof(Running))]
    public async Task Run_ChildFails_ExitCodeIsTheChilds(Backend backend)
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo out; exit 7']}");
        Finished run = await RunAsync(backend, "app=mine", "env.retries=0", "env.vcpus=1", "env.memory=64MiB");
        Assert.True(run.ExitCode == 7, run.ToString());
        Assert.Equal(("FAILED", "refrag-cpu-job-queue"), Report(run));
    }

    [Theory]
    [MemberData(nameof(Running))]
    public async Task Run_FailsWithRetriesLeft_IsNotRepeated(Backend backend)
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo attempt $AWS_BATCH_JOB_ATTEMPT; exit 3']}");
        Finished run = await RunAsync(backend, "app=mine", "env.retries=2", "env.vcpus=1", "env.memory=64MiB");
        Assert.Equal(3, run.ExitCode);
        Assert.Equal(("FAILED", "refrag-cpu-job-queue"), Report(run));
        Said(backend, run, "attempt 1");
        Assert.DoesNotContain("attempt 2", run.Output + run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Running))]
    public async Task Run_Array_EveryChildEnds(Backend backend)
    {
        Configure("app: {name: mine, command: [sh, -c, 'echo child $AWS_BATCH_JOB_ARRAY_INDEX; exit $AWS_BATCH_JOB_ARRAY_INDEX']}");
        Finished run = await RunAsync(backend, "app=mine", "env.array_size=3", "env.retries=0", "env.vcpus=1", "env.memory=64MiB");
        Assert.True(run.ExitCode is 1 or 2, run.ToString());
        Assert.Equal(("FAILED", "refrag-cpu-job-queue"), Report(run));
        Said(backend, run, "child 0", "child 1", "child 2");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<Finished> RunAsync(Backend backend, params string[] overrides)
    {
        if (backend is Backend.Moto) moto.SkipIfAbsent();
        BuiltProgram program = backend switch
        {
            Backend.Served => await served.ClientAsync(),
            Backend.Moto => moto.Program(),
            _ => new BuiltProgram(),
        };
        string[] where = backend switch
        {
            Backend.Served => ["env=awsbatch", $"env.endpoint_url={served.Url}", "--watch"],
            Backend.Moto => ["env=awsbatch", "--watch"],
            _ => ["env=local"],
        };
        return await (program with { WorkingDirectory = _folder.FullName }).RunAsync(["run", "--json", .. overrides, .. where]);
    }

    private static void Said(Backend backend, Finished run, params string[] lines)
    {
        if (backend is Backend.Moto) return;
        foreach (string line in lines) Assert.Contains(line, run.Output + run.Error, StringComparison.Ordinal);
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
