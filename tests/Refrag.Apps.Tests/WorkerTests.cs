using System.Net;

namespace Refrag.Apps.Tests;

public sealed class WorkerTests
{
    [Theory]
    [InlineData("", 0, 1, "127.0.0.1", 29500, "127.0.0.1")]
    [InlineData("NUM_NODES=1 NODE_INDEX=0 MAIN_NODE_INDEX=0", 0, 1, "127.0.0.1", 29500, "127.0.0.1")]
    [InlineData("NUM_NODES=4 NODE_INDEX=0 MAIN_NODE_INDEX=0", 0, 4, "127.0.0.1", 29500, "0.0.0.0")]
    [InlineData("NUM_NODES=4 NODE_INDEX=3 MAIN_NODE_INDEX=0 MAIN_NODE_PRIVATE_IPV4_ADDRESS=10.0.0.7", 3, 4, "10.0.0.7", 29500, "0.0.0.0")]
    [InlineData("NUM_NODES=4 NODE_INDEX=2 MAIN_NODE_INDEX=2", 0, 4, "127.0.0.1", 29500, "0.0.0.0")]
    [InlineData("NUM_NODES=4 NODE_INDEX=0 MAIN_NODE_INDEX=2 MAIN_NODE_PRIVATE_IPV4_ADDRESS=10.0.0.7", 2, 4, "10.0.0.7", 29500, "0.0.0.0")]
    [InlineData("NUM_NODES=2 NODE_INDEX=0 MASTER_ADDR=127.0.0.1 MASTER_PORT=4001", 0, 2, "127.0.0.1", 4001, "127.0.0.1")]
    [InlineData("NUM_NODES=2 NODE_INDEX=1 MASTER_ADDR=main.example MAIN_NODE_PRIVATE_IPV4_ADDRESS=10.0.0.7", 1, 2, "main.example", 29500,
        "0.0.0.0")]
    [InlineData("ARRAY_INDEX=3 ARRAY_SIZE=10", 0, 1, "127.0.0.1", 29500, "127.0.0.1")]
    [InlineData("NUM_NODES= NODE_INDEX= MASTER_PORT=", 0, 1, "127.0.0.1", 29500, "127.0.0.1")]
    public void FromEnvironment_OfJob_HasPlace(string variables, int rank, int world, string address, int port, string listen)
    {
        Worker worker = Worker.FromEnvironment(Variables.Of(variables)).Value;

        Assert.Equal((rank, world, address, port), (worker.Rank, worker.WorldSize, worker.MainAddress, worker.MainPort));
        Assert.Equal(IPAddress.Parse(listen), worker.ListenAddress);
        Assert.Equal(rank == 0, worker.IsMain);
    }

    [Theory]
    [InlineData("JOB_ID=ab-cd#3", "ab-cd")]
    [InlineData("JOB_ID=ab-cd:3", "ab-cd:3")]
    [InlineData("JOB_ID=ab-cd", "ab-cd")]
    [InlineData("", null)]
    public void FromEnvironment_JobId_IsTheSameOnEveryNode(string variables, string? expected) =>
        Assert.Equal(expected, Worker.FromEnvironment(Variables.Of(variables)).Value.JobId);

    [Fact]
    public void FromEnvironment_ArrayChild_KnowsIndexSizeAndAttempt()
    {
        Worker worker = Worker.FromEnvironment(Variables.Of("ARRAY_INDEX=3 ARRAY_SIZE=10 ATTEMPT=2")).Value;

        Assert.Equal((3, 10, 2), (worker.ArrayIndex, worker.ArraySize, worker.Attempt));
    }

    [Fact]
    public void TorchVariables_OfThirdNode_AreThoseOfTorchrun()
    {
        Worker worker = Worker.FromEnvironment(Variables.Of("NUM_NODES=4 NODE_INDEX=2 MAIN_NODE_PRIVATE_IPV4_ADDRESS=10.0.0.7")).Value;

        Assert.Equal(
            "GROUP_RANK=2 LOCAL_RANK=0 LOCAL_WORLD_SIZE=1 MASTER_ADDR=10.0.0.7 MASTER_PORT=29500 NODE_RANK=2 RANK=2 WORLD_SIZE=4",
            string.Join(' ', worker.TorchVariables().Select(variable => $"{variable.Key}={variable.Value}")));
    }

    [Theory]
    [InlineData("NUM_NODES=x NODE_INDEX=-1 MASTER_PORT=70000", "AWS_BATCH_JOB_NUM_NODES AWS_BATCH_JOB_NODE_INDEX MASTER_PORT")]
    [InlineData("NUM_NODES=2 NODE_INDEX=2 MASTER_ADDR=a", "AWS_BATCH_JOB_NODE_INDEX")]
    [InlineData("NUM_NODES=2 NODE_INDEX=1", "AWS_BATCH_JOB_MAIN_NODE_PRIVATE_IPV4_ADDRESS")]
    [InlineData("NUM_NODES=2", "AWS_BATCH_JOB_NODE_INDEX")]
    [InlineData("NODE_INDEX=0", "AWS_BATCH_JOB_NUM_NODES")]
    [InlineData("ARRAY_INDEX=1.5", "AWS_BATCH_JOB_ARRAY_INDEX")]
    public void FromEnvironment_SenselessVariables_AreAllNamed(string variables, string expected)
    {
        IReadOnlyList<Problem> problems = Worker.FromEnvironment(Variables.Of(variables)).Problems;

        Assert.All(problems, problem => Assert.Equal("RF7006", problem.Code));
        Assert.Equal(expected, string.Join(' ', problems.Select(problem => ((VariablePlace)problem.Place!).Name)));
    }
}
