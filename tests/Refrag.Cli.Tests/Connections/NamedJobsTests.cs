using Refrag.Aws.Batch;
using Refrag.Cli.Connections;
using Refrag.Cli.Context;
using Refrag.Cli.Tests.LocalRuns;

namespace Refrag.Cli.Tests.Connections;

public sealed class NamedJobsTests
{
    private const string Id = "0e0a0c4e-5b2f-4b1e-9a53-8f5a5d0d1c11";

    [Theory]
    [InlineData(Id, true)]
    [InlineData(Id + ":3", true)]
    [InlineData(Id + "#0", true)]
    [InlineData("0e0a0c4e5b2f4b1e9a538f5a5d0d1c11", false)]
    [InlineData("train", false)]
    [InlineData("a-name-that-is-longer-than-thirty-six-letters", false)]
    public void IsId_Text_IsAUuidPerhapsWithAPart(string text, bool expected) => Assert.Equal(expected, NamedJobs.IsId(text));

    [Fact]
    public void One_OneWord_IsIt() => Assert.Equal("train", NamedJobs.One(["train"]).Value);

    [Theory]
    [InlineData("", "No job is named")]
    [InlineData("a b", "2 jobs are named, and one is wanted")]
    public void One_NoneOrSeveral_IsAProblem(string words, string what)
    {
        Problem problem = Assert.Single(NamedJobs.One(words.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Problems);

        Assert.Equal(("RF5022", what), (problem.Code, problem.What));
    }

    [Theory]
    [InlineData("env.region=eu-west-1", "eu-west-1")]
    [InlineData("env.gpus=0", "us-west-2")]
    public async Task NotFound_OnAws_NamesTheRegion(string word, string region)
    {
        using TestProgram program = new(("AWS_REGION", "us-west-2"));

        await program.InSessionAsync(session =>
        {
            Problem problem = NamedJobs.NotFound(session, Id);
            Assert.Equal(("RF5023", $"There is no job {Id} in {region}"), (problem.Code, problem.What));
            return Task.CompletedTask;
        }, "env=awsbatch", word);
    }

    [Fact]
    public async Task FindAsync_UnknownOnThisMachine_ReportsWhatIsKept()
    {
        using TestProgram program = new();

        await program.InSessionAsync(
            async session => Assert.Null((await NamedJobs.FindAsync(session, "train", TestContext.Current.CancellationToken)).Job),
            "env=local");

        Assert.Contains("RF5023 There is no job train among the runs of env=local that are kept", program.Error, StringComparison.Ordinal);
        Assert.Contains("newest 50 runs of the last 7 days", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_NameOfSeveralJobs_IsTheNewestOne()
    {
        using RecordedRuns runs = new();
        await runs.AddAsync("20260810T100000000Z-1", "train", "other");
        IReadOnlyList<string> newest = await runs.AddAsync("20260810T110000000Z-1", "train");
        using TestProgram program = new(("REFRAG_RUNS", runs.Folder));

        JobDetail? found = null;
        await program.InSessionAsync(
            async session => found = (await NamedJobs.FindAsync(session, "train", TestContext.Current.CancellationToken)).Job, "env=local");

        Assert.Equal(newest[0], found?.JobId);
        Assert.Equal($"train: the newest job of this name is {newest[0]}.\n", program.Error);
    }

    [Fact]
    public async Task FindAsync_Id_IsThatJobWithoutANote()
    {
        using RecordedRuns runs = new();
        IReadOnlyList<string> jobs = await runs.AddAsync("20260810T100000000Z-1", "train", "train");
        using TestProgram program = new(("REFRAG_RUNS", runs.Folder));

        JobDetail? found = null;
        await program.InSessionAsync(
            async session => found = (await NamedJobs.FindAsync(session, jobs[0], TestContext.Current.CancellationToken)).Job, "env=local");

        Assert.Equal(jobs[0], found?.JobId);
        Assert.Empty(program.Error);
    }

    [Fact]
    public async Task FindAsync_BeginningOfAnId_IsThatJob()
    {
        using RecordedRuns runs = new();
        IReadOnlyList<string> jobs = await runs.AddAsync("20260810T100000000Z-1", "train", "other");
        using TestProgram program = new(("REFRAG_RUNS", runs.Folder));

        JobDetail? found = null, missing = null;
        await program.InSessionAsync(async session =>
        {
            // Ids of this machine begin with their time.
            string beginning = jobs[1][..NamedJobs.LengthToTellApart(jobs)];
            found = (await NamedJobs.FindAsync(session, beginning, TestContext.Current.CancellationToken)).Job;
            missing = (await NamedJobs.FindAsync(session, "0123abcd", TestContext.Current.CancellationToken)).Job;
        }, "env=local");

        Assert.Equal(jobs[1], found?.JobId);
        Assert.Null(missing);
        Assert.Contains("RF5023 There is no job 0123abcd", program.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindAsync_BeginningOfSeveralIds_IsRefused()
    {
        using RecordedRuns runs = new();
        IReadOnlyList<string> jobs = await runs.AddAsync("20260810T100000000Z-1", "train", "other");
        using TestProgram program = new(("REFRAG_RUNS", runs.Folder));
        string both = jobs[0][..(NamedJobs.LengthToTellApart(jobs) - 1)];
        Assert.SkipWhen(both.Length < 8, "A second has passed between the two.");

        await program.InSessionAsync(async session => Assert.Equal(
            ExitCodes.Usage, (await NamedJobs.FindAsync(session, both, TestContext.Current.CancellationToken)).Exit), "env=local");

        Assert.Contains($"RF5060 2 jobs have ids that begin with {both}", program.Error, StringComparison.Ordinal);
    }

    // Eight digits are a name too.
    [Fact]
    public async Task WholeAsync_NameThatLooksLikeABeginning_StaysAName()
    {
        using RecordedRuns runs = new();
        IReadOnlyList<string> jobs = await runs.AddAsync("20260810T100000000Z-1", "train");
        await runs.AddAsync("20260810T110000000Z-1", jobs[0][..8]);
        using TestProgram program = new(("REFRAG_RUNS", runs.Folder));

        await program.InSessionAsync(async session => Assert.Equal([jobs[0][..8], $"{jobs[0]}:3", "train*"],
            (await NamedJobs.WholeAsync(
                session, [jobs[0][..8], $"{jobs[0][..30]}:3", "train*"], TestContext.Current.CancellationToken)).Value), "env=local");
    }

    [Theory]
    [InlineData(8, "0e0a0c4e-5b2f-4b1e-9a53-8f5a5d0d1c11", "1e0a0c4e-5b2f-4b1e-9a53-8f5a5d0d1c11")]
    [InlineData(13, "0e0a0c4e-5b2f-4b1e-9a53-8f5a5d0d1c11", "0e0a0c4e-5b20-4b1e-9a53-8f5a5d0d1c11")]
    [InlineData(36, "0e0a0c4e-5b2f-4b1e-9a53-8f5a5d0d1c11", "0e0a0c4e-5b2f-4b1e-9a53-8f5a5d0d1c12")]
    [InlineData(8, "0e0a0c4e-5b2f-4b1e-9a53-8f5a5d0d1c11")]
    [InlineData(8)]
    public void LengthToTellApart_Ids_IsTheLeastThatDoes(int length, params string[] ids) =>
        Assert.Equal(length, NamedJobs.LengthToTellApart(ids));
}
