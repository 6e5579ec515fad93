using Refrag.Aws.Batch;
using Refrag.Cli.Configuration;
using Refrag.Cli.Connections;
using Refrag.Monitoring;

namespace Refrag.Cli.Tests.Connections;

public sealed class JobFilterOptionsTests
{
    [Fact]
    public async Task Read_NoOptions_MeansEveryJob()
    {
        JobFilter filter = (await ReadAsync([])).Value;

        Assert.Empty(filter.Queues);
        Assert.Empty(filter.Statuses);
        Assert.Empty(filter.Tags);
        Assert.Null(filter.Name);
        Assert.Null(filter.Since);
    }

    [Theory]
    [InlineData("RUNNING", "RUNNING")]
    [InlineData("failed,Succeeded", "FAILED SUCCEEDED")]
    [InlineData("FAILED,FAILED", "FAILED")]
    [InlineData("active", "RUNNING STARTING RUNNABLE PENDING SUBMITTED")]
    [InlineData("STARTING,active,FAILED", "STARTING RUNNING RUNNABLE PENDING SUBMITTED FAILED")]
    public async Task Read_Status_IsAListOfStatesEachOnce(string typed, string expected) =>
        Assert.Equal(expected.Split(' '), (await ReadAsync([], "--status", typed)).Value.Statuses);

    [Fact]
    public async Task Read_UnknownStatus_SuggestsTheNearest()
    {
        Problem problem = Assert.Single((await ReadAsync([], "-s", "runing")).Problems);

        Assert.Equal(("RF5021", "--status runing is not understood"), (problem.Code, problem.What));
        Assert.EndsWith("Did you mean RUNNING?", problem.Cure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("app=train", "app", "train")]
    [InlineData("app=a=b", "app", "a=b")]
    [InlineData("app=", "app", "")]
    [InlineData("app", "app", "*")]
    public async Task Read_Tag_IsANameWithAValueOrWithAny(string typed, string name, string value) =>
        Assert.Equal(value, (await ReadAsync([], "--tag", typed)).Value.Tags[name]);

    [Fact]
    public async Task Read_SeveralTagsAndQueues_AreAllMeant()
    {
        JobFilter filter = (await ReadAsync([], "--tag", "app=train", "--tag", "user=me", "-q", "cpu", "-q", "gpu")).Value;

        Assert.Equal(["app", "user"], filter.Tags.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["cpu", "gpu"], filter.Queues);
    }

    [Theory]
    [InlineData("USER", "ada")]
    [InlineData("LOGNAME", "ada")]
    public async Task Read_Mine_IsTheUsersTag(string variable, string user)
    {
        using TestProgram program = new((variable, "ada"));

        Assert.Equal(user, (await ReadAsync(program, [], "--mine")).Value.Tags["user"]);
    }

    // Whoever starts jobs without these variables finds them again without them.
    [Theory]
    [InlineData("OTHER", "ada")]
    [InlineData("USER", "")]
    public async Task Read_MineWithoutAUser_IsWhatJobsAreTaggedWith(string variable, string value)
    {
        using TestProgram program = new((variable, value));

        Assert.Equal(BatchLimits.TagValue(JobComposer.Submitter(program.Context).User),
            (await ReadAsync(program, [], "--mine")).Value.Tags["user"]);
        Assert.NotEqual("", JobComposer.User(program.Context));
    }

    [Fact]
    public async Task Read_NameAsAWord_IsTheName() => Assert.Equal("train-*", (await ReadAsync(["train-*"])).Value.Name);

    [Fact]
    public async Task Read_NameAsAnOption_WinsOverTheWord() =>
        Assert.Equal("other", (await ReadAsync(["train"], "--name", "other")).Value.Name);

    [Fact]
    public async Task Read_SeveralMistakes_AreAllReported()
    {
        IReadOnlyList<Problem> problems =
            (await ReadAsync(["a.txt", "b.txt"], "--status", "done", "--since", "yesterday-ish")).Problems;

        Assert.Equal(
            ["--status done is not understood", "--since yesterday-ish is not understood", "name b.txt is not understood"],
            problems.Select(problem => problem.What));
        Assert.All(problems, problem => Assert.Equal("RF5021", problem.Code));
    }

    private static async Task<Result<JobFilter>> ReadAsync(IReadOnlyList<string> names, params string[] words)
    {
        using TestProgram program = new();
        return await ReadAsync(program, names, words);
    }

    private static async Task<Result<JobFilter>> ReadAsync(TestProgram program, IReadOnlyList<string> names, params string[] words)
    {
        JobFilterOptions options = new();
        Result<JobFilter>? read = null;
        await program.InSessionAsync((session, parsed) =>
        {
            read = options.Read(parsed, session, names);
            return Task.CompletedTask;
        }, options.All, words);
        return read!;
    }
}
