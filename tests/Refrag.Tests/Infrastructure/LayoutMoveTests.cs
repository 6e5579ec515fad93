using System.Reflection;
using Refrag.Infrastructure;

namespace Refrag.Tests.Infrastructure;

public sealed class LayoutMoveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    private static List<string> Resources(string type)
    {
        List<string> names = [];
        Assembly tests = typeof(LayoutMoveTests).Assembly;
        foreach (string file in tests.GetManifestResourceNames().Where(name => name.StartsWith("terraform/", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(tests.GetManifestResourceStream(file)!);
            while (reader.ReadLine() is { } line)
            {
                if (line.Split('"') is ["resource ", var found, " ", var name, ..] && found == type) names.Add(name);
            }
        }
        names.Sort(StringComparer.Ordinal);
        return names;
    }

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

    // One that a move does not know would neither be closed nor waited for, and its jobs would not be ended.
    [Fact]
    public void Queues_OfTheTerraformCode_AreEachOfALayout() => Assert.Equal(
        Resources("aws_batch_job_queue"), LayoutMove.SingleQueues.Concat(LayoutMove.SeparateQueues).Order(StringComparer.Ordinal));

    // "ce" is the single one of old, which migrate and rollback make and remove.
    [Fact]
    public void Environments_OfTheTerraformCode_AreRetainedUnlessTheyAreTheSingleOne() => Assert.Equal(
        Resources("aws_batch_compute_environment"), StackState.SeparateEnvironments.Append("ce").Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("arn:aws:batch:eu-west-1:123456789012:job-queue/q", "eu-west-1")]
    [InlineData("", null)]
    public void Region_OfAState_StandsInTheQueuesArn(string arn, string? region) => Assert.Equal(
        region,
        new StackState(
            $$"""{ "values": { "root_module": { "resources": [{ "type": "aws_batch_job_queue", "name": "queue", "values": { "name": "q","""
                + $$""" "arn": "{{arn}}" } } ] } } }""").Region);

    [Fact]
    public void Begin_EmptyState_SaysThatThereIsNothingToMove() =>
        Assert.Equal("RF6013", Assert.Single(LayoutMove.Begin(LayoutDirection.Migrate, new StackState("{}")).Problems).Code);

    [Theory]
    [InlineData(null, "refrag-move")]
    [InlineData("us-west-2", "refrag-move-us-west-2")]
    public async Task Journal_WrittenAfterEachStep_GivesTheMoveToEveryMachine(string? workspace, string name)
    {
        var backend = new FakeBackend();
        LayoutJournal here = new(backend, workspace), elsewhere = new(backend, workspace);
        Assert.Null((await here.ReadAsync(Stop)).Value.Move);
        var move = new LayoutMove(LayoutDirection.Migrate, ["old"], LayoutStep.AddNew);
        for (; move.Next != LayoutStep.Done; move = move.Advance())
        {
            Assert.Empty(await here.WriteAsync(move, Stop));
            LayoutMove read = (await elsewhere.ReadAsync(Stop)).Value.Move!;
            Assert.Equal((move.Direction, move.Next, "old"), (read.Direction, read.Next, read.OldQueues[0]));
        }
        Assert.Equal(["default", name], backend.States.Keys);
        Assert.Empty(await here.ClearAsync(Stop));
        Assert.Null((await elsewhere.ReadAsync(Stop)).Value.Move);
        Assert.Equal(["default"], backend.States.Keys);
    }

    [Theory]
    [InlineData("""{ "outputs": { "move": { "value": "{", "type": "string" } } }""", "RF6014")]
    [InlineData("""{ "outputs": {} }""", null)] // created, and killed before it was written
    public async Task Journal_Unreadable_IsAProblemNotACrash(string state, string? code)
    {
        var backend = new FakeBackend();
        backend.States["refrag-move"] = state;
        Result<LayoutJournalEntry> read = await new LayoutJournal(backend, workspace: null).ReadAsync(Stop);
        Assert.Equal(code, read.Problems.SingleOrDefault()?.Code);
        if (code is null) Assert.Null(read.Value.Move);
    }

    [Fact]
    public async Task Journal_BackendWithoutWorkspaces_AppliesButDoesNotMove()
    {
        var journal = new LayoutJournal(new FakeBackend(hasWorkspaces: false), workspace: null);
        Assert.Null((await journal.ReadAsync(Stop)).Value.Blocker);
        var move = new LayoutMove(LayoutDirection.Migrate, ["old"], LayoutStep.AddNew);
        Assert.Equal("RF6041", Assert.Single(await journal.WriteAsync(move, Stop)).Code);
    }

    // The journal of another workspace is another stack's.
    [Fact]
    public async Task Journal_SelectedWorkspaceIsNotKnown_IsAProblem()
    {
        var journal = new LayoutJournal(new FakeBackend { IsBroken = true }, workspace: null);
        Assert.Contains("permission denied", Assert.Single((await journal.ReadAsync(Stop)).Problems).What, StringComparison.Ordinal);
        var move = new LayoutMove(LayoutDirection.Migrate, ["old"], LayoutStep.AddNew);
        Assert.Contains("permission denied", Assert.Single(await journal.WriteAsync(move, Stop)).What, StringComparison.Ordinal);
        Assert.Contains("permission denied", Assert.Single(await journal.ClearAsync(Stop)).What, StringComparison.Ordinal);
    }

    // As version 0.1 wrote it.
    [Fact]
    public async Task Journal_FileOfAnEarlierVersion_IsTakenUpAndMovesToTheBackend()
    {
        string file = Path.Combine(_folder.FullName, "refrag-move.json");
        await File.WriteAllTextAsync(file, """{ "Direction": "Migrate", "OldQueues": ["old"], "Next": "CloseOld" }""", Stop);
        var backend = new FakeBackend();
        var journal = new LayoutJournal(backend, workspace: null, new EarlierJournal(file));
        LayoutJournalEntry entry = (await journal.ReadAsync(Stop)).Value;
        Assert.Equal((LayoutStep.CloseOld, "old", "RF6034"), (entry.Move!.Next, entry.Move.OldQueues[0], entry.Blocker!.Code));
        Assert.True(File.Exists(file));
        Assert.Empty(await journal.WriteAsync(entry.Move, Stop));
        Assert.False(File.Exists(file));
        Assert.Equal(LayoutStep.CloseOld, (await new LayoutJournal(backend, workspace: null).ReadAsync(Stop)).Value.Move!.Next);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    public async Task Journal_FileOfAnEarlierVersionIsUnreadable_IsAProblem(string text)
    {
        string file = Path.Combine(_folder.FullName, "refrag-move.json");
        await File.WriteAllTextAsync(file, text, Stop);
        var journal = new LayoutJournal(new FakeBackend(), workspace: null, new EarlierJournal(file));
        Assert.Equal("RF6014", Assert.Single((await journal.ReadAsync(Stop)).Problems).Code);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;
}
