using Microsoft.Extensions.Time.Testing;
using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Runners.Attempts;

namespace Refrag.Engine.Tests.Attempts;

/// <summary>What a job in a container gets of the environment of the server: nothing but what is named.</summary>
public sealed class ContainerEnvironmentTests
{
    private static readonly Dictionary<string, string> s_server = new()
    {
        ["PATH"] = "/server/bin",
        ["HOME"] = "/server",
        ["LANG"] = "sv_SE.UTF-8",
        ["LC_ALL"] = "sv_SE.UTF-8",
        ["LD_PRELOAD"] = "/server/lib.so",
        ["DOCKER_HOST"] = "unix:///server.sock",
        ["AWS_ACCESS_KEY_ID"] = "server",
        ["AWS_SECRET_ACCESS_KEY"] = "server",
        ["AWS_PROFILE"] = "server",
        ["AWS_REGION"] = "eu-north-1",
        ["AWS_BATCH_JOB_ID"] = "server",
        ["CUDA_VISIBLE_DEVICES"] = "7",
        ["NAMED"] = "server",
    };

    // What AWS sets in a container. (UG job_env_vars; ECS developer guide, ecs-environment-variables)
    private static readonly string[] s_batch =
        ["AWS_BATCH_CE_NAME", "AWS_BATCH_JOB_ATTEMPT", "AWS_BATCH_JOB_ID", "AWS_BATCH_JQ_NAME", "CUDA_VISIBLE_DEVICES"];

    private static readonly string[] s_task = ["AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_REGION"];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("NAMED")]
    [InlineData("NAMED PATH ABSENT")]
    public async Task Start_InAContainer_HasWhatBatchSetsTheJobsOwnAndWhatIsNamed(string? passing)
    {
        string[]? passed = passing?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var runner = new FakeRunner { Report = new RunnerReport { Kind = RunnerKind.Container, Summary = "A test's." }, Decide = _ => 0 };
        await using LocalBatch batch = Open(runner, passed);
        string id = (await batch.SendAsync(BatchOperations.SubmitJob, new SubmitJobRequest
        {
            JobName = "job",
            JobQueue = "refrag-cpu-job-queue",
            JobDefinition = "def",
            ContainerOverrides = new ContainerOverrides { Command = ["run"], Environment = [new() { Name = "OWN", Value = "job" }] },
        }, TestContext.Current.CancellationToken).Soon()).JobId;
        await batch.WatchAsync(id, TestContext.Current.CancellationToken).LastAsync(TestContext.Current.CancellationToken).AsTask().Soon();

        IReadOnlyDictionary<string, string> given = Assert.Single(runner.Starts).Environment;
        string[] named = [.. (passed ?? []).Where(s_server.ContainsKey)];
        string[] expected = [.. s_batch, .. passed is null ? [] : s_task, .. named, "OWN"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), given.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(given, pair => !named.Contains(pair.Key) && s_server.GetValueOrDefault(pair.Key) == pair.Value);
        Assert.Equal(("job", id, ""), (given["OWN"], given["AWS_BATCH_JOB_ID"], given["CUDA_VISIBLE_DEVICES"]));
    }

    private static LocalBatch Open(FakeRunner runner, IReadOnlyList<string>? passed) => new(
        new LocalBatchOptions
        {
            VCpus = new VCpus(4),
            Memory = new MebiBytes(1000),
            GpuIds = [],
            Variables = s_server,
            PassedVariables = passed,
            WorkingDirectory = "/",
            Definitions = [new LocalDefinition("def", new VCpus(1), new MebiBytes(100), new Gpus(0))],
        },
        runner, new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000)));
}
