using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;

namespace Refrag.Composition.Tests.Sweeps;

public sealed class SweepManifestTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"refrag-manifest-{Guid.NewGuid():N}.jsonl");
    private readonly SweepManifestFile _file;

    public SweepManifestTests() => _file = new SweepManifestFile(_path);

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Create_Sweep_WritesALineAJob()
    {
        await _file.CreateAsync(SweepOf("a=1,2", "b='x y'"), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["""{"index":0,"overrides":["a=1","b='x y'"],"status":"pending"}""",
                """{"index":1,"overrides":["a=2","b='x y'"],"status":"pending"}"""],
            await File.ReadAllLinesAsync(_path, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Read_AfterStatuses_HasTheLastOfEach()
    {
        await _file.CreateAsync(SweepOf("a=range(3)"), TestContext.Current.CancellationToken);
        await _file.AppendAsync(1, JobStatus.Running, TestContext.Current.CancellationToken);
        await _file.AppendAsync(1, JobStatus.Succeeded, TestContext.Current.CancellationToken);
        await _file.AppendAsync(2, JobStatus.Running, TestContext.Current.CancellationToken);
        Assert.Equal([JobStatus.Pending, JobStatus.Succeeded, JobStatus.Running], await StatusesAsync());
    }

    [Fact]
    public async Task Read_LineCutOffByACrash_LosesThatLineOnly()
    {
        await _file.CreateAsync(SweepOf("a=1,2"), TestContext.Current.CancellationToken);
        await _file.AppendAsync(0, JobStatus.Succeeded, TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(_path, """{"index":1,"sta""", TestContext.Current.CancellationToken);
        Assert.Equal([JobStatus.Succeeded, JobStatus.Pending], await StatusesAsync());
        await _file.AppendAsync(1, JobStatus.Failed, TestContext.Current.CancellationToken);
        Assert.Equal([JobStatus.Succeeded, JobStatus.Failed], await StatusesAsync());
    }

    [Fact]
    public async Task Read_DamagedJob_PointsAtTheLine()
    {
        await File.WriteAllTextAsync(_path,
            "{\"index\":0,\"overrides\":[],\"status\":\"pending\"}\nnonsense of a line\n"
                + "{\"index\":2,\"overrides\":[],\"status\":\"pending\"}\n", TestContext.Current.CancellationToken);
        Result<SweepManifest> read = await _file.ReadAsync(TestContext.Current.CancellationToken);
        Assert.Equal("RF1151", Assert.Single(read.Problems).Code);
    }

    [Fact]
    public async Task Read_NoFile_IsAProblem() =>
        Assert.Equal("RF1150", Assert.Single((await _file.ReadAsync(TestContext.Current.CancellationToken)).Problems).Code);

    [Fact]
    public async Task ReadJob_ArrayIndex_IsThatLine()
    {
        await _file.CreateAsync(SweepOf("a=range(50)"), TestContext.Current.CancellationToken);
        Assert.Equal(["a=37"], (await _file.ReadJobAsync(37, TestContext.Current.CancellationToken)).Value.Overrides);
        Assert.Equal("RF1152", Assert.Single((await _file.ReadJobAsync(50, TestContext.Current.CancellationToken)).Problems).Code);
    }

    [Fact]
    public void Resume_SameSweep_StartsAgainWhatDidNotSucceed()
    {
        Sweep sweep = SweepOf("a=range(4)");
        SweepManifest manifest = SweepManifest.Of(sweep).With(0, JobStatus.Succeeded).With(1, JobStatus.Running).With(2, JobStatus.Failed);
        Assert.Equal([JobStatus.Succeeded, JobStatus.Pending, JobStatus.Pending, JobStatus.Pending],
            manifest.Resume(sweep).Value.Jobs.Select(job => job.Status));
        Assert.Equal(JobStatus.Failed, manifest.Resume(sweep, retryFailed: false).Value.Jobs[2].Status);
    }

    [Theory]
    [InlineData("a=range(3)")]
    [InlineData("b=range(4)")]
    public void Resume_OtherSweep_IsAProblem(string other) =>
        Assert.Equal("RF1153", Assert.Single(SweepManifest.Of(SweepOf("a=range(4)")).Resume(SweepOf(other)).Problems).Code);

    [Fact]
    public void Next_MaxJobs_StartsNoMoreThanFit()
    {
        SweepManifest manifest = SweepManifest.Of(SweepOf("a=range(5)")).With(0, JobStatus.Running);
        ScheduleStep step = SweepSchedule.Next(manifest, new ScheduleOptions { MaxJobs = 3 });
        Assert.Equal([1L, 2L], step.Start.Select(job => job.Index));
        Assert.False(step.IsOver);
    }

    [Fact]
    public void Next_FailFastAfterAFailure_StartsNothingMore()
    {
        SweepManifest manifest = SweepManifest.Of(SweepOf("a=range(4)")).With(0, JobStatus.Failed).With(1, JobStatus.Running);
        var options = new ScheduleOptions { FailFast = true };
        Assert.Equal((0, false, 2), Summary(SweepSchedule.Next(manifest, options)));
        Assert.Equal((0, true, 2), Summary(SweepSchedule.Next(manifest.With(1, JobStatus.Succeeded), options)));
        Assert.Equal((2, false, 0), Summary(SweepSchedule.Next(manifest, new ScheduleOptions())));
    }

    private static (int Start, bool IsOver, int NotStarted) Summary(ScheduleStep step) => (step.Start.Count, step.IsOver, step.NotStarted);

    private static Sweep SweepOf(params string[] arguments) => Sweep.Of(OverrideParser.ParseAll(arguments).Value).Value;

    private async Task<IEnumerable<JobStatus>> StatusesAsync() =>
        (await _file.ReadAsync(TestContext.Current.CancellationToken)).Value.Jobs.Select(job => job.Status);
}
