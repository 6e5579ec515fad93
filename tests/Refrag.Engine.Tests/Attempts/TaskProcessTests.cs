using Refrag.Aws.Batch;
using Refrag.Engine.Options;
using Refrag.Runners.Processes;
using static Refrag.Engine.Tests.TaskRequests;

namespace Refrag.Engine.Tests.Attempts;

/// <summary>Tasks of several containers as real processes that outlive the engine.</summary>
public sealed class TaskProcessTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private LocalBatch _batch;

    public TaskProcessTests() => _batch = Open();

    public async ValueTask DisposeAsync()
    {
        await _batch.StopAsync(TimeSpan.Zero);
        await _batch.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task DependsOn_EveryCondition_IsTheOrder()
    {
        string notes = _folder.At("notes");
        JobDetail job = await RunAsync(
            // START asks for a program that runs, not for what it has done by then.
            Shell("main", $"until grep -q side {notes}; do sleep 0.02; done; echo main >>{notes}", true,
                ("ready", "SUCCESS"), ("any", "COMPLETE"), ("side", "START")),
            Shell("ready", $"sleep 0.2; echo ready >>{notes}", false),
            Shell("any", $"echo any >>{notes}; exit 3", false, ("ready", "SUCCESS")),
            Shell("side", $"trap 'echo stopped >>{notes}; exit 0' TERM; echo side >>{notes}; while :; do sleep 0.05; done", false,
                ("any", "COMPLETE")));
        Assert.Equal(JobStatus.Succeeded, job.Status);
        Assert.Equal([0, 0, 3, 0], job.Containers().Select(one => one.ExitCode ?? -1));
        Assert.Equal(["ready", "any", "side", "main", "stopped"], await File.ReadAllLinesAsync(notes, Token));
    }

    [Fact]
    public async Task Essential_Fails_EndsTheSidecarAndTheJob()
    {
        string there = _folder.At("there");
        JobDetail job = await RunAsync(
            Shell("main", $"until [ -e {there} ]; do sleep 0.02; done; exit 7"),
            Shell("side", $"echo $$; : >{there}; exec sleep 600", false));
        Assert.Equal((JobStatus.Failed, 7, "Essential container in task exited"),
            (job.Status, job.Attempts![0].Container!.ExitCode, job.StatusReason));
        Assert.Equal([7, 143], job.Containers().Select(one => one.ExitCode ?? -1));
        await Limits.Gone((await LinesAsync(job, "side"))[0]);
    }

    [Fact]
    public async Task Containers_OfOneTask_HaveALogEach()
    {
        JobDetail job =
            await RunAsync(
                Shell("main", "echo from main; echo more >&2", true, ("other", "COMPLETE")), Shell("other", "echo from other", false));
        Assert.Equal(["from main", "more"], (await LinesAsync(job, "main")).Order(StringComparer.Ordinal));
        Assert.Equal(["from other"], await LinesAsync(job, "other"));
        Assert.All(job.Containers(), one => Assert.Matches($"^task/{one.Name}/[0-9a-f]{{32}}$", one.LogStreamName));
    }

    [Fact]
    public async Task Container_ThatCannotStart_FailsTheTaskWithItsReason()
    {
        JobDetail job =
            await RunAsync(Container("main", ["no-such-program"]), Shell("side", "exec sleep 600", false) with { StopTimeout = 2 });
        Assert.Equal((JobStatus.Failed, "Task failed to start"), (job.Status, job.StatusReason));
        Assert.StartsWith("CannotStartContainerError: RF4001", job.Containers()[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ContainerWithoutACommand_IsRefusedForNoImageIsRun()
    {
        await _batch.SendAsync(
            BatchOperations.RegisterJobDefinition, Definition(Shell("main", "true"), Container("side", [], false)), Token);
        BatchException refused = await Assert.ThrowsAsync<BatchException>(() => _batch.SendAsync(BatchOperations.SubmitJob, Job, Token));
        Assert.Contains("RF4006", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Restart_WhileContainersRun_FindsEachAndStartsWhatWaited()
    {
        string notes = _folder.At("notes");
        string gate = _folder.At("gate");
        string id = await SubmitAsync(
            Shell("main", $"echo main >>{notes}; exit 5", true, ("init", "SUCCESS"), ("missed", "COMPLETE")),
            Shell("init", $"echo init >>{notes}; while [ ! -e {gate} ]; do sleep 0.02; done; echo init ends", false),
            Shell("missed", $"echo missed >>{notes}; while [ ! -e {gate}.away ]; do sleep 0.02; done; echo $$ >{gate}.done; exit 9", false),
            Shell("side", $"echo side >>{notes}; exec sleep 600", false));
        await Eventually.HoldsAsync(() => File.Exists(notes) && File.ReadAllLines(notes).Length >= 3);
        await _batch.WatchAsync(id, Token).FirstAsync(job => job.Status == JobStatus.Running, Token).AsTask().Soon();
        await _batch.DisposeAsync();
        // One ends while no engine runs.
        await File.WriteAllTextAsync(gate + ".away", "", Token);
        await Eventually.HoldsAsync(() => File.Exists(gate + ".done"));

        _batch = Open();
        await File.WriteAllTextAsync(gate, "", Token);
        JobDetail job = await _batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();
        Assert.Equal((JobStatus.Failed, 1), (job.Status, job.Attempts!.Count));
        Assert.Equal([5, 0, 9, 143], job.Containers().Select(one => one.ExitCode ?? -1));
        Assert.Equal(["init", "main", "missed", "side"], (await File.ReadAllLinesAsync(notes, Token)).Order(StringComparer.Ordinal));
        Assert.Equal(["init ends"], await LinesAsync(job, "init"));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private LocalBatch Open() => new(
        new LocalBatchOptions
        {
            WorkingDirectory = "/",
            GpuIds = [],
            VCpus = new VCpus(4),
            Memory = new MebiBytes(4096),
            StateDirectory = _folder.At("state"),
        },
        new ProcessRunner(TimeProvider.System, _folder.At("attempts")),
        TimeProvider.System);

    private static TaskContainerProperties Shell(
        string name, string script, bool essential = true, params (string Name, string Condition)[] dependsOn) =>
        Container(name, ["sh", "-c", script], essential, dependsOn);

    private async Task<JobDetail> RunAsync(params TaskContainerProperties[] containers)
    {
        string id = await SubmitAsync(containers);
        return await _batch.WatchAsync(id, Token).LastAsync(Token).AsTask().Soon();
    }

    private async Task<string> SubmitAsync(params TaskContainerProperties[] containers)
    {
        await _batch.SendAsync(BatchOperations.RegisterJobDefinition, Definition(containers), Token);
        return (await _batch.SendAsync(BatchOperations.SubmitJob, Job, Token)).JobId;
    }

    private async Task<List<string>> LinesAsync(JobDetail job, string container) =>
        await _batch.FollowStreamAsync(job.Containers().Single(one => one.Name == container).LogStreamName!, Token)
            .Select(line => line.Message).ToListAsync(Token).AsTask().Soon();
}
