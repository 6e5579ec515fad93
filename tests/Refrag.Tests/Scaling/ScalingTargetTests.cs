using Refrag.Aws.Batch;
using Refrag.Policies;
using Refrag.Scaling;

namespace Refrag.Tests.Scaling;

public sealed class ScalingTargetTests
{
    private const string Current = "refrag-cpu-compute-env-0a1b2c3d";
    private const string Former = "refrag-cpu-compute-env";

    // What a change of settings leaves, until the jobs of the environment before have ended. (infra/terraform/environments.tf)
    private static readonly FakeEnvironments s_replaced = new FakeEnvironments().With(Former, null).With(Current, "refrag-cpu-job-queue");

    [Theory]
    [InlineData("cpu")]
    [InlineData(Former)]
    [InlineData(Current)]
    public async Task FindAsync_EnvironmentThatWasReplaced_TakesTheOneThatJobsComeTo(string wanted)
    {
        ScalingTarget target = Assert.Single((await FindAsync(s_replaced, Policy("one", wanted))).Targets);

        Assert.Equal(Current, target.Name);
        Assert.Equal(["refrag-cpu-job-queue"], target.Queues);
    }

    [Theory]
    [InlineData("DISABLED", "VALID", "queue")]
    [InlineData("ENABLED", "DELETING", "queue")]
    [InlineData("ENABLED", "DELETED", "queue")]
    [InlineData("ENABLED", "VALID", null)]
    public async Task FindAsync_EnvironmentThatNoJobComesTo_IsAProblem(string state, string status, string? queue)
    {
        FakeEnvironments batch = new FakeEnvironments().With(Former, queue, state, status).With("refrag-gpu-compute-env", "gpu");

        ScalingTargets found = await FindAsync(batch, Policy("one", "cpu") with { Queues = ["gpu"] });

        Assert.Empty(found.Targets);
        Problem problem = Assert.Single(found.Problems);
        Assert.Equal("RF8165", problem.Code);
        Assert.Contains($"which no job comes to: {Former}", problem.What, StringComparison.Ordinal);
        Assert.Contains("refrag-gpu-compute-env", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_WrongPolicy_LeavesTheOthersTheirEnvironments()
    {
        FakeEnvironments batch = new FakeEnvironments()
            .With(Former, "cpu").With("refrag-gpu-compute-env", "gpu").With("refrag-fargate-env", "fargate", type: CRType.Fargate);

        ScalingTargets found = await FindAsync(batch, Policy("none", "cpuu"), Policy("warm", "cpu"), Policy("serverless", "fargate"),
            Policy("one", "gpu"), Policy("two", "refrag-gpu-compute-env"));

        Assert.Equal("warm", Assert.Single(found.Targets).Policy.Name);
        Assert.Equal(["RF8165", "RF8174", "RF8175"], found.Problems.Select(one => one.Code));
        Assert.Contains("one and two are for one compute environment, refrag-gpu-compute-env", found.Problems[^1].What,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu", "refrag-cpu-compute-env-0a1b2c3d")]
    [InlineData("cpu-on-demand", "refrag-cpu-on-demand-compute-env")]
    [InlineData("on-demand", "refrag-cpu-on-demand-compute-env refrag-gpu-on-demand-compute-env")]
    [InlineData("compute", "refrag-cpu-compute-env-0a1b2c3d refrag-cpu-on-demand-compute-env refrag-gpu-compute-env "
        + "refrag-gpu-on-demand-compute-env")]
    [InlineData("cp", "")]
    [InlineData("refrag-gpu-compute-env", "refrag-gpu-compute-env")]
    public void Find_WordOfSeveral_IsTheOneWhoseWordsTheOthersHaveToo(string wanted, string found) =>
        Assert.Equal(found, string.Join(' ', EnvironmentMatch.Find(
            [Current, "refrag-cpu-on-demand-compute-env", "refrag-gpu-compute-env", "refrag-gpu-on-demand-compute-env"], wanted)));

    private static Task<ScalingTargets> FindAsync(FakeEnvironments batch, params EnvironmentPolicy[] policies) =>
        ScalingTarget.FindAsync(batch, policies, TestContext.Current.CancellationToken);

    private static EnvironmentPolicy Policy(string name, string environment) => new()
    {
        Name = name,
        Environment = environment,
        ScaleDownDelayMinutes = 30,
    };
}
