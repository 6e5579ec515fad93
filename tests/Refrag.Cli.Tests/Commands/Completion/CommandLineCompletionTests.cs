using Refrag.Cli.Commands.Completion;
using Refrag.Cli.Tests.LocalRuns;

namespace Refrag.Cli.Tests.Commands.Completion;

/// <summary>What a word can become beyond groups and keys: statuses, runners, files, manifests and jobs.</summary>
public sealed class CommandLineCompletionTests : IDisposable
{
    private readonly TestProgram _program = new();

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("RUNNABLE RUNNING", "jobs", "--status", "RUN")]
    [InlineData("SUBMITTED SUCCEEDED", "cancel", "-s", "SU")]
    [InlineData("active", "jobs", "--status", "a")]
    [InlineData("container", "serve", "--runner", "c")]
    [InlineData("--runner=process", "serve", "--runner=p")]
    public async Task Complete_OptionWithKnownValues_OffersThem(string found, params string[] words) =>
        Assert.Equal(found.Split(' '), await CompleteAsync(words));

    [Theory]
    [InlineData("outputs/ scenario.yaml", "serve", "--scenario", "")]
    [InlineData("scenario.yaml", "serve", "--scenario", "s")]
    [InlineData("outputs/sweeps/20260102-030405-1a2b.jsonl outputs/", "run", "--resume", "")]
    [InlineData("outputs/sweeps/20260102-030405-1a2b.jsonl", "run", "--resume", "outputs/sweeps/")]
    [InlineData("outputs/sweeps/20260102-030405-1a2b.jsonl", "wait", "env=local", "outputs/sweeps/")]
    [InlineData("outputs/", "serve", "--state", "")]
    [InlineData("scenario.yaml", "run", "env=local", "--", "python", "sc")]
    public async Task Complete_OptionThatIsAPath_OffersFiles(string found, params string[] words)
    {
        Directory.CreateDirectory(_program.Folder.At("outputs/sweeps"));
        await File.WriteAllTextAsync(
            _program.Folder.At("outputs/sweeps/20260102-030405-1a2b.jsonl"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_program.Folder.At("outputs/sweeps/notes.txt"), "", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_program.Folder.At("scenario.yaml"), "", TestContext.Current.CancellationToken);

        Assert.Equal(found.Split(' ').Order(StringComparer.Ordinal), await CompleteAsync(words));
    }

    [Fact]
    public async Task Complete_WordThatIsAJob_OffersIdsAndNames()
    {
        using RecordedRuns runs = new();
        IReadOnlyList<string> ids = await runs.AddAsync("20260810T100000000Z-1", "training", "evaluation");
        using TestProgram program = new(("REFRAG_RUNS", runs.Folder));

        foreach (string verb in JobCompletion.Verbs)
        {
            Assert.Equal(["training"], await CompleteAsync(program, verb, "env=local", "tra"));
            string[] taken = verb == "jobs" ? [] : [ids[1]];
            Assert.Equal(taken, await CompleteAsync(program, verb, "env=local", ids[1][..30]));
        }
        Assert.DoesNotContain("training", await CompleteAsync(program, "queues", "env=local", "tra"));
    }

    [Fact]
    public async Task Complete_JobsThatCannotBeAsked_OffersNone()
    {
        using TestProgram program = new(("REFRAG_RUNS", "/dev/null/runs"));

        Assert.Empty(await CompleteAsync(program, "why", "env=local", "tra"));
        Assert.Empty(await CompleteAsync(program, "why", "env=nowhere", "tra"));
    }

    private Task<IReadOnlyList<string>> CompleteAsync(params string[] words) => CompleteAsync(_program, words);

    // Its clock is the system's: on the test's every wait ends at once, the one for the jobs too.
    private static Task<IReadOnlyList<string>> CompleteAsync(TestProgram program, params string[] words)
    {
        Cli.Context.CliContext context = program.Context with { Time = TimeProvider.System };
        return new CommandLineCompletion(context, RootVerb.Create(context)).CompleteAsync(words);
    }
}
