namespace Refrag.Acceptance.Tests;

/// <summary>The wrong things that people type, with the whole message, to be read aloud: would a stranger know what to do?</summary>
public sealed class NewUserTests
{
    [Fact]
    public async Task Run_TypoInAnApp_SaysWhichThereAre() => await RefusedAsync(
        ["run", "app=trian"], "RF1506", "Did you mean train?", "  | app=trian\n  |     ^^^^^");

    [Fact]
    public async Task Run_GroupThatDoesNotExist_SaysWhichThereAre() => await RefusedAsync(
        ["run", "ap=train"], "ap", "Did you mean app?", "  | ap=train\n  | ^^");

    [Fact]
    public async Task Run_GpusInWords_PointsAtTheValue() => await RefusedAsync(
        ["run", "app=train", "env=awsbatch", "env.gpus=two"], "RF1651", "  | env.gpus=two\n  |          ^^^",
        "a whole number from 0 to 1024");

    [Theory]
    [InlineData("env.gpus=1.5")]
    [InlineData("env.gpus=-1")]
    [InlineData("env.memory=64")]
    [InlineData("env.memory=64GB")]
    [InlineData("env.timeout=10s")]
    [InlineData("env.retries=10")]
    [InlineData("env.array_size=1")]
    [InlineData("env.job_name=has space")]
    [InlineData("env.endpoint_url=ftp://x")]
    [InlineData("env.kind=pbs")]
    [InlineData("env.entry_point=bash")]
    [InlineData("+env.environment.AWS_BATCH_X=1")]
    public async Task Run_WrongValue_PointsAtIt(string argument) =>
        await RefusedAsync(["run", "app=train", "env=awsbatch", argument], "RF", $"  | {argument}\n", "^", "cure:");

    [Fact]
    public async Task Run_SeveralMistakes_ReportsAllAtOnce() => await RefusedAsync(
        ["run", "app=train", "env=awsbatch", "env.gpus=two", "env.memory=64", "env.timeout=soon"],
        "env.gpus=two", "env.memory=64", "env.timeout=soon", "3 problems; nothing was sent.");

    [Fact]
    public async Task Run_GpusOnTheCpuQueue_IsAContradiction() => await RefusedAsync(
        ["run", "app=train", "env=awsbatch", "env.gpus=2", "env.job_queue=refrag-cpu-job-queue"], "RF2010", "env.gpus=0",
        "  | env.job_queue=refrag-cpu-job-queue");

    [Fact]
    public async Task Run_UnknownKey_SuggestsTheNearest() => await RefusedAsync(
        ["run", "app=train", "env=awsbatch", "env.gpu=2"], "RF1601", "Write env.gpus=2. Did you mean env.gpus?");

    [Fact]
    public async Task Run_NoSuchFolder_NamesIt() => await RefusedAsync(["run", "--config-dir", "nowhere"], "RF5001", "nowhere");

    [Fact]
    public async Task DryRun_WithoutCredentials_PrintsTheRequests()
    {
        Finished run = await new BuiltProgram().RunAsync("run", "app=train", "env=awsbatch", "env.gpus=2", "--dry-run");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(
            "refrag-gpu-job-queue", (string?)System.Text.Json.Nodes.JsonNode.Parse(run.Output)!["requests"]![0]!["request"]!["jobQueue"]);
        Assert.Empty(run.Error);
    }

    private static async Task RefusedAsync(string[] arguments, params string[] said)
    {
        Finished run = await new BuiltProgram().RunAsync(arguments);

        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Empty(run.Output);
        foreach (string text in said) Assert.Contains(text, run.Error, StringComparison.Ordinal);
    }
}
