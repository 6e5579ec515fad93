using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests;

/// <summary>The built <c>refrag simulate</c>, in a folder with a trace and worlds.</summary>
public sealed class SimulateTests
{
    private const string Burst = "job_id,submit_s,run_s,gpus,vcpus,memory_mib\n";
    private const string Separate = """
        environments:
          cpu: {types: [m5.large], max_vcpus: 8}
          gpu: {types: [g5.xlarge], max_vcpus: 8}
        """;

    private readonly string _folder = ScratchFolder.Make("simulate");

    public SimulateTests()
    {
        string gpus = string.Concat(Enumerable.Range(0, 10).Select(at => $"gpu-{at},0,600,1,4,1024\n"));
        Put("trace.csv", Burst + gpus + "cpu-0,1,60,0,1,512\n");
        Put("separate.yaml", Separate);
        Put("shared.yaml", Separate + "\nqueues:\n  all: {environments: [cpu, gpu]}\n");
    }

    private BuiltProgram Program => new() { WorkingDirectory = _folder };

    [Fact]
    public async Task Worlds_SideBySide_ShowThatASharedQueueHoldsCpuWorkBack()
    {
        Finished run = await Program.RunAsync(
            "simulate", "--trace", "trace.csv", "--world", "shared.yaml", "--world", "separate.yaml", "--json", "--jobs", "times.csv");

        Assert.True(run.ExitCode == 0, run.ToString());
        JsonNode[] worlds = [.. run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(["shared", "separate"], worlds.Select(world => (string?)world["world"]));
        Assert.All(worlds, world => Assert.Equal((11, 1, 10, 1),
            ((int)world["all"]!["jobs"]!, (int)world["cpu"]!["jobs"]!, (int)world["gpu"]!["jobs"]!, (int)world["seeds"]!)));
        Assert.Equal(90, (double)worlds[1]["cpu"]!["waitSeconds"]!["mean"]!);
        Assert.True((double)worlds[0]["cpu"]!["waitSeconds"]!["mean"]! > 2000, run.Output);
        string[] times = await File.ReadAllLinesAsync(Path.Combine(_folder, "times.csv"), TestContext.Current.CancellationToken);
        Assert.Equal(12, times.Length);
        Assert.Contains("gpu-0,,,1,0,90,690,1,true", times);
    }

    [Fact]
    public async Task Vary_OfAMaximum_HasARowAndABarForEachValue()
    {
        Finished run = await Program.RunAsync(
            "simulate", "--trace", "trace.csv", "--world", "separate.yaml", "--vary", "gpu.max_vcpus=8,20,40", "--plot", "gpu.wait.p90",
            "--html", "report.html");

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("separate gpu.max_vcpus=40", run.Output, StringComparison.Ordinal);
        Assert.Contains("gpu.wait.p90:\n", run.Output, StringComparison.Ordinal);
        Assert.Matches("gpu.max_vcpus=8 +█+ 41m30s\n", run.Output);
        string html = await File.ReadAllTextAsync(Path.Combine(_folder, "report.html"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("http:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("41m30s", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Search_ForAWait_FindsTheMaximumOrSaysThatNoneReachesIt()
    {
        Finished found = await Program.RunAsync(
            "simulate", "--trace", "trace.csv", "--world", "separate.yaml", "--search", "gpu.max_vcpus", "--target", "gpu.wait.p99=12m");
        Finished never = await Program.RunAsync(
            "simulate", "--trace", "trace.csv", "--world", "separate.yaml", "--search", "gpu.max_vcpus", "--target", "gpu.wait.p99=1m");

        Assert.True(found.ExitCode == 0, found.ToString());
        Assert.Contains("gpu.max_vcpus=20 is the smallest", found.Output, StringComparison.Ordinal);
        Assert.Equal(2, never.ExitCode);
        Assert.Contains("RF8158", never.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Html_OfHostileNames_HasThemAsText()
    {
        const string Hostile = "<script>alert(1)</script>";
        Put("hostile.csv", $"job_id,submit_s,run_s,vcpus\n{Hostile},0,60,64\n");
        Put("hostile.yaml", $"name: \"{Hostile}\"\nenvironments:\n  cpu: {{types: [m5.large], max_vcpus: 8}}\n");

        Finished run = await Program.RunAsync("simulate", "--trace", "hostile.csv", "--world", "hostile.yaml", "--html", "report.html");

        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains("never start", run.Error, StringComparison.Ordinal);
        string html = await File.ReadAllTextAsync(Path.Combine(_folder, "report.html"), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Generate_AndConvert_WriteTracesThatAreRead()
    {
        Finished made = await Program.RunAsync("simulate", "generate", "jobs=20,per_hour=60", "--seed", "3");
        Put("made.csv", made.Output);
        Put("sacct.txt", "JobID|Submit|Elapsed|ReqTRES|State\n7|2026-11-01T10:00:00|05:00|cpu=2,mem=4G|COMPLETED\n");
        Finished converted = await Program.RunAsync("simulate", "convert", "sacct.txt");
        Finished run = await Program.RunAsync("simulate", "--trace", "made.csv", "--world", "separate.yaml", "--json");
        Finished same = await Program.RunAsync(
            "simulate", "--generate", "jobs=20,per_hour=60", "--seed", "3", "--seeds", "1", "--world", "separate.yaml", "--json");

        Assert.Equal(21, made.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal("7,2026-11-01T10:00:00.000Z,300,2,4096,0,1,1,,,,0,", converted.Output.Split('\n')[1]);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(JsonNode.Parse(run.Output)!["all"]!.ToJsonString(), JsonNode.Parse(same.Output)!["all"]!.ToJsonString());
    }

    [Theory]
    [InlineData("RF8150", "simulate", "--trace", "negative.csv", "--world", "separate.yaml")]
    [InlineData("RF8152", "simulate", "--trace", "empty.csv", "--world", "separate.yaml")]
    [InlineData("RF8151", "simulate", "--trace", "missing.csv", "--world", "separate.yaml")]
    [InlineData("RF8154", "simulate", "--trace", "trace.csv", "--world", "missing.yaml")]
    [InlineData("RF5033", "simulate", "--trace", "trace.csv", "--world", "wrong.yaml")]
    [InlineData("RF8153", "simulate", "generate", "jobs=none")]
    [InlineData("RF8155", "simulate", "--trace", "trace.csv", "--world", "cpu.yaml")]
    [InlineData("RF8156", "simulate", "--trace", "trace.csv", "--world", "separate.yaml", "--plot", "waits")]
    [InlineData("RF8157", "simulate", "--trace", "trace.csv", "--world", "separate.yaml", "--set", "gpu.vcpus=8")]
    [InlineData("RF8161", "simulate", "--world", "separate.yaml")]
    [InlineData("RF8161", "simulate", "exprt", "--trace", "trace.csv", "--world", "separate.yaml")]
    [InlineData("RF8161", "simulate", "--trace", "trace.csv", "env=local")]
    [InlineData("RF8162", "simulate", "--trace", "trace.csv", "--world", "separate.yaml", "--html", "no/such/folder.html")]
    public async Task Input_ThatIsWrong_IsOneProblemAndAUsageError(string code, params string[] arguments)
    {
        Put("negative.csv", "submit_s,run_s\n0,-1\n");
        Put("empty.csv", "submit_s,run_s\n");
        Put("wrong.yaml", "environments:\n  a: {types: [m9.tiny], max_vcpus: 8}\n");
        Put("cpu.yaml", "environments:\n  cpu: {types: [m5.large], max_vcpus: 8}\n");

        Finished run = await Program.RunAsync(arguments);

        Assert.True(run.ExitCode == 64, run.ToString());
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    private void Put(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
