using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Plans;

namespace Refrag.Engine.Tests.Jobs.Plans;

public sealed class JobEnvironmentTests
{
    private static readonly Dictionary<string,
        string> Inherited = new() { ["PATH"] = "/bin", ["AWS_BATCH_JOB_ID"] = "outer", ["AWS_BATCH_JOB_NUM_NODES"] = "9" };

    [Fact]
    public void Of_PlainJob_HasTheFourAndNothingMore() => Assert.Equal(
        [
            ("AWS_BATCH_CE_NAME", "ce"), ("AWS_BATCH_JOB_ATTEMPT", "1"), ("AWS_BATCH_JOB_ID", "id"), ("AWS_BATCH_JQ_NAME", "queue"),
            ("CUDA_VISIBLE_DEVICES", ""), ("PATH", "/bin"),
        ],
        Of(JobFixture.Job(JobFixture.Plan()), 0));

    [Fact]
    public void Of_ArrayChild_HasIndexAndSize()
    {
        IReadOnlyList<(string, string)> variables =
            Of(JobFixture.Job(JobFixture.Plan(array: 5)) with { Id = "id:3", ArrayId = "id", Index = 3 }, 0);
        Assert.Contains(("AWS_BATCH_JOB_ARRAY_INDEX", "3"), variables);
        Assert.Contains(("AWS_BATCH_JOB_ARRAY_SIZE", "5"), variables);
        Assert.Contains(("AWS_BATCH_JOB_ID", "id:3"), variables);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, true)]
    public void Of_Node_HasItsNumbersAndOnlyOthersTheMainNodesAddress(int node, bool hasAddress)
    {
        IReadOnlyList<(string Name, string Value)> variables = Of(JobFixture.Job(JobFixture.Plan(nodes: 3)), node);
        Assert.Contains(("AWS_BATCH_JOB_MAIN_NODE_INDEX", "0"), variables);
        Assert.Contains(("AWS_BATCH_JOB_NODE_INDEX", $"{node}"), variables);
        Assert.Contains(("AWS_BATCH_JOB_NUM_NODES", "3"), variables);
        Assert.Contains(("AWS_BATCH_JOB_ID", $"id#{node}"), variables);
        Assert.Equal(hasAddress, variables.Contains(("AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS", "127.0.0.1")));
        Assert.Equal(hasAddress ? 9 + 1 : 9, variables.Count);
    }

    [Fact]
    public void Of_JobsOwnVariables_WinOverInheritedAndOverTheGpus()
    {
        JobPlan plan = JobFixture.Plan();
        plan = plan with
        {
            Nodes = [plan.Nodes[0] with
            {
                Environment = [new KeyValuePair { Name = "PATH", Value = "/mine" },
                    new KeyValuePair { Name = "CUDA_VISIBLE_DEVICES", Value = "7" }],
            }],
        };
        IReadOnlyList<(string, string)> variables = Of(JobFixture.Job(plan), 0);
        Assert.Contains(("PATH", "/mine"), variables);
        Assert.Contains(("CUDA_VISIBLE_DEVICES", "7"), variables);
    }

    [Fact]
    public void Of_Gpus_AreNamed() => Assert.Contains(("CUDA_VISIBLE_DEVICES", "1,3"), Of(JobFixture.Job(JobFixture.Plan()), 0, "1", "3"));

    private static IReadOnlyList<(string Name, string Value)> Of(Job job, int node, params string[] gpus) =>
        [.. JobEnvironment.Of(Inherited, job, node, job.Plan.Nodes[node].Environment, gpus)
            .Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key, StringComparer.Ordinal)];
}
