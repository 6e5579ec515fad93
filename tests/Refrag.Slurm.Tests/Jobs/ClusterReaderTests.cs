using System.Text;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Slurm.Commands;
using Refrag.Slurm.Jobs;
using Refrag.Slurm.Scripts;

namespace Refrag.Slurm.Tests.Jobs;

public sealed class ClusterReaderTests
{
    private const string Id = "01a22e9d-9256-7064-ba7c-9c40ffa500d1";

    // A row that came half may be half of the queue; the rest would count as ended.
    [Theory]
    [InlineData($"7|N/A|RUNNING|cpu|1|1|1|n1|None|train.{Id}\n8|N/A|RUN", "")]
    [InlineData($"7|N/A|RUNNING|cpu|1|1|1|n1|None|train.{Id}", "")]
    public async Task View_OfAQueueThatIsCutOff_IsNoAnswer(string queue, string files)
    {
        using ClusterReader reader = new(new FixedCommands(queue, files), new SlurmPlace(null, "/j"));
        BackendException fault = await Assert.ThrowsAsync<BackendException>(
            () => reader.ViewAsync("ListJobs", null, TestContext.Current.CancellationToken));

        Assert.Equal(("RF8201", "the answer was cut off", true), (fault.Problem.Code, fault.Problem.Cause, fault.MayPass));
    }

    [Fact]
    public async Task View_OfAWholeQueue_HasItsJobs()
    {
        using ClusterReader reader = new(
            new FixedCommands($"7|N/A|RUNNING|cpu|1|1|1|n1|None|train.{Id}\n8|N/A|RUNNING|cpu|1|1|1|n1|None|other\n", ""),
            new SlurmPlace(null, "/j"));

        Assert.Equal("7", Assert.Single((await reader.ViewAsync("ListJobs", null, TestContext.Current.CancellationToken)).Rows[Id]).JobId);
    }

    // The first look at the files came before the end was written, as on a node whose files arrive late.
    [Fact]
    public async Task View_OfAJobThatEndsBetweenQueueAndFiles_HasTheEndOfTheSecondReading()
    {
        TurningCommands commands = new([""], [Files("slurm:7"), Files("slurm:7", "attempt-1/exit:0 1790000000 1790000009")]);
        using ClusterReader reader = new(commands, new SlurmPlace(null, "/j"));

        Assert.Equal((JobStatus.Succeeded, null), await StateAsync(reader));
    }

    // One child has ended, which says nothing of the other.
    [Fact]
    public async Task View_OfAnArrayWithOneEndedTask_ReadsAgainForTheOther()
    {
        string[] known = ["slurm:7", "0/attempt-1/exit:0 1790000000 1790000009"];
        TurningCommands commands = new([""], [Array(known), Array([.. known, "1/attempt-1/exit:0 1790000000 1790000009"])]);
        using ClusterReader reader = new(commands, new SlurmPlace(null, "/j"));

        Assert.Equal((JobStatus.Succeeded, null), await StateAsync(reader));
    }

    // The files were read slowly and are kept for longer than the queue, which meanwhile has forgotten the job.
    [Fact]
    public async Task View_OfAQueueThatIsReadAgain_ReadsTheFilesAgainToo()
    {
        FakeClock clock = new();
        TurningCommands commands = new(
            [$"7|N/A|PENDING|cpu|1|1|1||BeginTime|train.{Id}\n", ""],
            [
                Files("slurm:7", "attempt-1/exit:9 1790000000 1790000009"),
                Files("slurm:7", "attempt-1/exit:9 1790000000 1790000009", "attempt-2/exit:0 1790000100 1790000109"),
            ], () => clock.Now += TimeSpan.FromSeconds(1));
        using ClusterReader reader = new(commands, new SlurmPlace(null, "/j"), clock);
        (string? before, _) = await StateAsync(reader);
        clock.Now += TimeSpan.FromSeconds(3.5);

        Assert.Equal((JobStatus.Pending, (JobStatus.Succeeded, null)), (before, await StateAsync(reader)));
    }

    // Another process submitted it between the readings: no queue's answer could know it yet, and it has not ended.
    [Fact]
    public async Task View_OfAJobThatIsAcceptedInBetween_HasNoEndOfIt()
    {
        const string Other = "01a22e9d-9256-7064-ba7c-9c40ffa500d2";
        string first = Files("slurm:7");
        TurningCommands commands = new([""], [first, $"{first}./{Other}/slurm:8\n"]);
        using ClusterReader reader = new(commands, new SlurmPlace(null, "/j"));
        ClusterView view = await reader.ViewAsync("ListJobs", null, TestContext.Current.CancellationToken);

        Assert.Equal([Id], new JobDescriber(view).Ids);
    }

    private static string Files(params string[] files) => string.Concat(
        files.Prepend("""request.json:{"jobName":"train","jobQueue":"cpu","jobDefinition":"sbatch"}""").Select(file => $"./{Id}/{file}\n"));

    private static string Array(string[] files) => string.Concat(
        files.Prepend("""request.json:{"jobName":"train","jobQueue":"cpu","jobDefinition":"sbatch","arrayProperties":{"size":2}}""")
            .Select(file => $"./{Id}/{file}\n"));

    private static async Task<(string? Status, string? Reason)> StateAsync(ClusterReader reader)
    {
        JobDetail? job = new JobDescriber(await reader.ViewAsync("ListJobs", [Id], TestContext.Current.CancellationToken)).Find(Id);
        return (job?.Status, job?.Status == JobStatus.Pending ? null : job?.StatusReason);
    }

    private sealed class FixedCommands(string queue, string files) : ISlurmCommands
    {
        public string? Host => null;

        public Task<CommandAnswer> RunAsync(string script, string input, TimeSpan limit, CancellationToken cancellationToken) =>
            Task.FromResult(
                new CommandAnswer(0, Encoding.UTF8.GetBytes(script.StartsWith("squeue", StringComparison.Ordinal) ? queue : files), ""));
    }

    private sealed class FakeClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
