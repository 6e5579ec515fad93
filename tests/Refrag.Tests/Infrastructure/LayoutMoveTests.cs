using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class LayoutMoveTests
{
    private const string State = """
        { "values": { "root_module": { "resources": [
          { "type": "aws_batch_job_queue", "name": "queue", "values": { "name": "old-queue" } },
          { "type": "aws_batch_job_queue", "name": "cpu_queue", "values": { "name": "cpu" } },
          { "type": "aws_batch_job_queue", "name": "gpu_queue", "values": { "name": "gpu" } }
        ] } } }
        """;

    [Theory]
    [InlineData(LayoutDirection.Migrate, "old-queue")]
    [InlineData(LayoutDirection.Rollback, "cpu,gpu")]
    public void Begin_DeployedState_NamesTheQueuesThatGo(LayoutDirection direction, string queues)
    {
        LayoutMove move = LayoutMove.Begin(direction, new StackState(State)).Value;
        Assert.Equal(queues, string.Join(',', move.OldQueues));
        Assert.Equal(LayoutStep.AddNew, move.Next);
    }

    [Theory]
    [InlineData("arn:aws:batch:eu-west-1:123456789012:job-queue/q", "eu-west-1")]
    [InlineData("", null)]
    public void Region_OfAState_StandsInTheQueuesArn(string arn, string? region) => Assert.Equal(
        region,
        new StackState($$"""{ "values": { "root_module": { "resources": [{ "type": "aws_batch_job_queue", "name": "queue", "values": { "name": "q", "arn": "{{arn}}" } } ] } } }""").Region);

    [Fact]
    public void Begin_EmptyState_SaysThatThereIsNothingToMove() =>
        Assert.Equal("RF6013", Assert.Single(LayoutMove.Begin(LayoutDirection.Migrate, new StackState("{}")).Problems).Code);

    [Fact]
    public async Task Journal_WrittenAfterEachStep_GivesTheMoveBack()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var journal = new LayoutJournal(path);
        Assert.Equal((null, null), await journal.ReadAsync(stop));
        var move = new LayoutMove(LayoutDirection.Migrate, ["old"], LayoutStep.AddNew);
        for (; move.Next != LayoutStep.Done; move = move.Advance())
        {
            await journal.WriteAsync(move, stop);
            (LayoutMove? read, _) = await journal.ReadAsync(stop);
            Assert.Equal((move.Direction, move.Next, "old"), (read!.Direction, read.Next, read.OldQueues[0]));
        }
        journal.Clear();
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Journal_Broken_IsAProblemNotACrash()
    {
        string path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "{", TestContext.Current.CancellationToken);
        (_, Problem? problem) = await new LayoutJournal(path).ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("RF6014", problem!.Code);
        File.Delete(path);
    }
}
