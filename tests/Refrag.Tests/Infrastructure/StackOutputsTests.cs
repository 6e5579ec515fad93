using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class StackOutputsTests
{
    private const string Json = """
        {
          "region": { "value": "us-east-1" },
          "batch_cpu_job_queue_name": { "value": "refrag-cpu-job-queue" },
          "batch_gpu_job_queue_name": { "value": "refrag-gpu-job-queue" },
          "batch_cpu_job_definition_name": { "value": "refrag-cpu-job-def" },
          "batch_gpu_job_definition_name": { "value": "refrag-gpu-job-def" },
          "batch_job_queue_name": { "value": null },
          "batch_priority_queue_names": { "value": { "cpu-high": "refrag-cpu-high-job-queue" } },
          "batch_on_demand_queue_names": { "value": { "gpu": "refrag-gpu-on-demand-job-queue" } },
          "job_image": { "value": "repository:1.0.0" }
        }
        """;

    [Fact]
    public void Read_Outputs_HaveEveryQueue()
    {
        StackOutputs outputs = StackOutputs.Read(Json).Value;
        Assert.Equal(
            ["refrag-cpu-job-queue", "refrag-gpu-job-queue", "refrag-cpu-high-job-queue", "refrag-gpu-on-demand-job-queue"],
            outputs.Queues);
        Assert.Equal(["refrag-cpu-job-def", "refrag-gpu-job-def"], outputs.Definitions);
    }

    [Fact]
    public void Read_DistributedEnvironment_HasItsQueueAndDefinition()
    {
        StackOutputs outputs = StackOutputs.Read(Json.Replace("""
              "job_image"
            """, """
              "batch_distributed_job_queue_name": { "value": "refrag-distributed-job-queue" },
              "batch_distributed_job_definition_name": { "value": "refrag-distributed-job-def" },
              "batch_distributed_compute_environment_names": { "value": ["refrag-distributed-1a2b"] },
              "job_image"
            """, StringComparison.Ordinal)).Value;
        Assert.Contains(("refrag-distributed-job-queue", "refrag-distributed-job-def"), outputs.Pairs);
        Assert.Equal(["refrag-distributed-1a2b"], outputs.ComputeEnvironments);
        string text = EnvironmentConfig.Render(outputs);
        Assert.Contains("\ndistributed_job_queue: \"refrag-distributed-job-queue\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\ndistributed_job_definition_name: \"refrag-distributed-job-def\"\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_StackWithABucket_NamesItsStores()
    {
        StackOutputs outputs = StackOutputs.Read(Json.Replace("\"job_image\"", """
              "job_code_store": { "value": "s3://refrag-us-east-1-1/code" },
              "job_results_store": { "value": "s3://refrag-us-east-1-1/results" },
              "job_image"
            """, StringComparison.Ordinal)).Value;
        string text = EnvironmentConfig.Render(outputs);
        Assert.Contains("\ncode_store: \"s3://refrag-us-east-1-1/code\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nresults: \"s3://refrag-us-east-1-1/results\"\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("_store", EnvironmentConfig.Render(StackOutputs.Read(Json).Value), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NothingApplied_IsAProblem() => Assert.Equal("RF6011", Assert.Single(StackOutputs.Read("{}").Problems).Code);

    [Theory]
    [InlineData("""{"region": {"value": "us-east-1"}}""", "every job queue and every job definition are missing")]
    [InlineData("""{"batch_cpu_job_definition_name": {"value": "d"}, "log_group_name": {"value": "g"}}""",
        "the region and every job queue are missing")]
    [InlineData("""{"region": {"value": "us-east-1"}, "batch_cpu_job_queue_name": {"value": "q"}}""", "every job definition is missing")]
    public void Read_HalfApplied_SaysWhatIsMissing(string json, string missing)
    {
        Problem problem = Assert.Single(StackOutputs.Read(json).Problems);

        Assert.Equal(("RF6011", $"this state has only a part of its outputs: {missing}"), (problem.Code, problem.What));
        Assert.StartsWith("Run `refrag infra apply` again", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Outputs_IsAConfigUponAwsbatch()
    {
        string text = EnvironmentConfig.Render(StackOutputs.Read(Json).Value);
        Assert.Contains("  - awsbatch\n", text);
        Assert.Contains("gpu_job_queue: \"refrag-gpu-job-queue\"\n", text);
        Assert.Contains("image: \"repository:1.0.0\"\n", text);
        Assert.Contains("\ncpu_high_job_queue: \"refrag-cpu-high-job-queue\"\n", text);
        Assert.Contains("\ngpu_on_demand_job_queue: \"refrag-gpu-on-demand-job-queue\"\n", text);
    }

    [Fact]
    public async Task WriteAsync_ASecondTime_TouchesNothing()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        StackOutputs outputs = StackOutputs.Read(Json).Value;
        WrittenEnvironment first = (await EnvironmentConfig.WriteAsync(folder.FullName, "awsbatch-us-east-1", outputs, stop)).Value;
        WrittenEnvironment second = (await EnvironmentConfig.WriteAsync(folder.FullName, "awsbatch-us-east-1", outputs, stop)).Value;
        WrittenEnvironment third =
            (await EnvironmentConfig.WriteAsync(
                folder.FullName, "awsbatch-us-east-1", outputs with { JobImage = "repository:2.0.0" }, stop)).Value;
        Assert.Equal((true, false, true), (first.HasChanged, second.HasChanged, third.HasChanged));
        Assert.Contains("repository:2.0.0", await File.ReadAllTextAsync(third.Path, stop));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task WriteAsync_File_HasTheModeOfTheUmask()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no umask.");
        CancellationToken stop = TestContext.Current.CancellationToken;
        DirectoryInfo folder = Directory.CreateTempSubdirectory();
        string plain = Path.Combine(folder.FullName, "plain");
        await File.WriteAllTextAsync(plain, "", stop);
        WrittenEnvironment written =
            (await EnvironmentConfig.WriteAsync(folder.FullName, "awsbatch-us-east-1", StackOutputs.Read(Json).Value, stop)).Value;
        if (!OperatingSystem.IsWindows()) Assert.Equal(File.GetUnixFileMode(plain), File.GetUnixFileMode(written.Path));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("awsbatch")]
    [InlineData("")]
    public async Task WriteAsync_BadName_WritesNothing(string name)
    {
        Result<WrittenEnvironment> result =
            await EnvironmentConfig.WriteAsync("conf", name, StackOutputs.Read(Json).Value, TestContext.Current.CancellationToken);
        Assert.Equal("RF6012", Assert.Single(result.Problems).Code);
    }
}
