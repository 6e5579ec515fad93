using Refrag.CodeArchives;
using Refrag.CommandTables;
using Refrag.Composition.Overrides;
using Refrag.Composition.Sweeps;
using Refrag.Submission;
using Refrag.Sweeps;

namespace Refrag.Tests.Sweeps;

public sealed class SweepManifestLogTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("refrag-manifest");

    private string File => Path.Combine(_folder.FullName, "sweeps", "one.jsonl");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_Sweep_StartsWithALineAJob()
    {
        await (await NewAsync()).DisposeAsync();

        string[] lines = await System.IO.File.ReadAllLinesAsync(File, Token);

        Assert.Equal("""{"index":1,"overrides":["a=0","b=3"],"status":"pending"}""", lines[1]);
        Assert.Equal(
            """{"sweep":"s1","arguments":["a=0,1","b=2,3"],"folders":["/c"],"config":"config","directory":"/d","shape":[2,2]}""", lines[4]);
        // The library's own reader understands it, and so does a child that looks for its line.
        Assert.Equal(4, (await new SweepManifestFile(File).ReadAsync(Token)).Value.Jobs.Count);
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData("1234", "main", true)]
    public async Task Open_SweepWithCode_KnowsIt(string? commit, string? branch, bool isDirty)
    {
        CodeReference code = new("file:///store/abc.tar.gz", "abc", new GitState(commit, branch, isDirty));
        await (await CreateAsync(code)).Value.DisposeAsync();

        await using SweepManifestLog log = (await SweepManifestLog.OpenAsync(File, new PassingTime(), Token)).Value;

        Assert.Equal(code, log.Header.Code);
    }

    [Fact]
    public async Task Open_AfterACrash_KnowsSubmissionsAndStatuses()
    {
        await using (SweepManifestLog log = await NewAsync())
        {
            await log.SubmittingAsync(new SubmissionId("x"), JobSet.Of([0, 1]), s_now, Token);
            await log.SubmittedAsync(new SubmissionId("x"), "job-x", Token);
            await log.SubmittingAsync(new SubmissionId("y"), JobSet.Of([2]), s_now, Token);
            await log.WithdrawnAsync(new SubmissionId("y"), Token);
            await log.SubmittingAsync(new SubmissionId("z"), JobSet.Of([3]), isOnDemand: true, s_now, Token);
            await log.StatusAsync([(0, JobStatus.Succeeded)], Token);
        }
        await System.IO.File.AppendAllTextAsync(File, """{"index":1,"sta""", Token);

        await using SweepManifestLog again = (await SweepManifestLog.OpenAsync(File, new PassingTime(), Token)).Value;

        Assert.Equal(
            [("x", "0,1", "job-x", false), ("z", "3", null, true)],
            again.Submissions.Select(s => (s.Id, s.Jobs.ToString(), s.JobId, s.IsOnDemand)));
        Assert.Equal(
            [JobStatus.Succeeded, JobStatus.Running, JobStatus.Pending, JobStatus.Pending], again.Manifest.Jobs.Select(job => job.Status));
        Assert.Equal(["a=1", "b=3"], again.Manifest.Jobs[3].Job.Overrides);
        await again.StatusAsync([(1, JobStatus.Failed)], Token);
        await again.DisposeAsync();
        Assert.EndsWith(
            "\n{\"index\":1,\"status\":\"failed\"}\n", await System.IO.File.ReadAllTextAsync(File, Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_WhileAnotherHoldsIt_KnowsTheNewestJobOfEach()
    {
        await using SweepManifestLog log = await NewAsync();
        await log.SubmittingAsync(new SubmissionId("x"), JobSet.Of([0, 1, 3]), s_now, Token);
        await log.SubmittedAsync(new SubmissionId("x"), "job-x", Token);
        await log.SubmittingAsync(new SubmissionId("y"), JobSet.Of([3]), s_now, Token);
        await log.SubmittedAsync(new SubmissionId("y"), "job-y", Token);

        SweepRecord record = (await SweepManifestLog.ReadAsync(File, Token)).Value;

        Assert.Equal(4, record.Jobs.Count);
        Assert.Equal(["0 job-x:0", "1 job-x:1", "3 job-y"], record.JobIds().OrderBy(id => id.Key).Select(id => $"{id.Key} {id.Value}"));
        Assert.Equal(["0 x", "1 x", "3 y"], record.LastSubmissions().OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value.Id}"));
        Assert.Equal("RF2062", Assert.Single((await SweepManifestLog.ReadAsync(File + "x", Token)).Problems).Code);
    }

    [Fact]
    public async Task Open_WhileAnotherHoldsIt_IsAProblem()
    {
        await using SweepManifestLog log = await NewAsync();

        Assert.Equal("RF2063", Assert.Single((await SweepManifestLog.OpenAsync(File, new PassingTime(), Token)).Problems).Code);
    }

    [Fact]
    public async Task Open_WhileAKilledProcessLetsItGo_Waits()
    {
        await using SweepManifestLog first = await NewAsync();
        var time = new PassingTime { OnWait = () => first.DisposeAsync().AsTask().Wait(Token) };

        await using SweepManifestLog log = (await SweepManifestLog.OpenAsync(File, time, Token)).Value;

        Assert.Single(time.Waits);
    }

    [Fact]
    public async Task Create_FileThere_IsAProblem()
    {
        await (await NewAsync()).DisposeAsync();

        Assert.Equal("RF2060", Assert.Single((await CreateAsync()).Problems).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense\n")]
    [InlineData("{\"index\":1,\"overrides\":[],\"status\":\"pending\"}\n")]
    [InlineData("{\"index\":0,\"overrides\":[],\"status\":\"pending\"}\n")]
    public async Task Open_NoManifest_IsAProblem(string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(File)!);
        await System.IO.File.WriteAllTextAsync(File, text, Token);

        Assert.Equal("RF2064", Assert.Single((await SweepManifestLog.OpenAsync(File, new PassingTime(), Token)).Problems).Code);
    }

    [Fact]
    public async Task Open_NoFile_IsAProblem() =>
        Assert.Equal("RF2062", Assert.Single((await SweepManifestLog.OpenAsync(File, new PassingTime(), Token)).Problems).Code);

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<SweepManifestLog> NewAsync() => (await CreateAsync()).Value;

    private Task<Result<SweepManifestLog>> CreateAsync(CodeReference? code = null)
    {
        Sweep sweep = Sweep.Of([OverrideParser.Parse("a=0,1").Value, OverrideParser.Parse("b=2,3").Value]).Value;
        SweepHeader header = new()
        {
            Id = "s1",
            Arguments = ["a=0,1", "b=2,3"],
            Folders = ["/c"],
            ConfigName = "config",
            Directory = "/d",
            Shape = [2, 2],
            Code = code,
        };
        return SweepManifestLog.CreateAsync(File, header, sweep, new PassingTime(), Token);
    }
}
