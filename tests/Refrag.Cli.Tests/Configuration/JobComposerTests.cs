using Refrag.Apps;
using Refrag.Cli.Configuration;
using Refrag.Cli.Context;
using Refrag.Jobs;

namespace Refrag.Cli.Tests.Configuration;

public sealed class JobComposerTests : IDisposable
{
    private readonly TestProgram _program = new(("USER", "ada"));

    public void Dispose() => _program.Dispose();

    [Theory]
    [InlineData("env.gpus=0", "refrag-cpu-job-queue", "refrag-cpu-job-def")]
    [InlineData("env.gpus=1", "refrag-gpu-job-queue", "refrag-gpu-job-def")]
    [InlineData("env.job_queue=mine", "mine", "refrag-cpu-job-def")]
    public void Compose_JobForAws_IsPlannedForItsQueueAndDefinition(string word, string queue, string definition)
    {
        PlannedJob job = Compose("app=hello_dist", "env=awsbatch", word).Value;

        Assert.Equal((queue, definition), (job.Plan.Submit.JobQueue, job.Plan.Submit.JobDefinition));
        Assert.Equal("ada", job.Plan.Submit.Tags!["user"]);
        Assert.Equal(job.Plan.Id.Value, job.Plan.Sent.Tags!["refrag:submission-id"]);
    }

    [Fact]
    public void Compose_OtherNameOfTheEnvironment_IsTheSameEnvironment() =>
        Assert.Equal(EnvironmentKind.AwsBatch, Compose("env=aws_batch", "launcher.gpus=1").Value.Spec.Kind);

    [Fact]
    public void Compose_FolderThatIsNamed_HasAppsBesideTheBuiltInOnes()
    {
        Directory.CreateDirectory(_program.Folder.At("mine/app"));
        File.WriteAllText(
            _program.Folder.At("mine/app/mine.yaml"), "# @package _global_\napp:\n  name: mine\n  command: [\"true\"]\n");
        string[] folders = [_program.Folder.At("mine")];
        Assert.Equal("RF5061", Assert.Single(Compose(_program.Context, folders, "app=mine").Problems).Code);

        File.WriteAllText(_program.Folder.At("mine/config.yaml"), "defaults: [{app: mine}, {env: local}, _self_]\n");
        foreach (string app in (string[])["mine", "hello_dist"])
        {
            Result<PlannedJob> job = Compose(_program.Context, folders, $"app={app}", "env=awsbatch");
            Assert.Equal(app, job.Value.Plan.Submit.JobName);
        }
    }

    [Fact]
    public void Compose_ClassThatThisProgramLacks_IsRefusedOnThisMachineOnly()
    {
        Assert.Equal("RF7001", Assert.Single(Compose("app=hello_dist", "env=local").Problems).Code);
        Assert.True(Compose("app=hello_dist", "env=awsbatch").IsSuccess);
    }

    [Fact]
    public void Compose_ClassThatThisProgramHas_IsPlannedOnThisMachine()
    {
        using TestProgram program = new() { Context = _program.Context with { Apps = new AppRegistry(new HelloApp()) } };

        Assert.Equal(EnvironmentKind.Local, Compose(program.Context, [], "env=local").Value.Spec.Kind);
    }

    [Theory]
    [InlineData("dist/hello", "dist/hello")]
    [InlineData("[dotnet,dist/hello.dll]", "dotnet", "dist/hello.dll")]
    [InlineData("'dotnet dist/hello.dll'", "dotnet", "dist/hello.dll")]
    public void Compose_ClassOfAnotherProgram_IsACommandOfThatProgram(string program, params string[] words)
    {
        var app = (CommandApp)Compose("app=hello_dist", $"+app.program={program}", "message=hi", "env=local").Value.Spec.App;

        Assert.Equal([.. words, "hello_dist"], app.Command.SkipLast(1));
        Assert.StartsWith("""{"message":"hi",""", app.Command[^1], StringComparison.Ordinal);
        Assert.Equal("hello_dist", app.Name);
    }

    [Fact]
    public void Compose_ProgramWithoutAClass_IsRefused()
    {
        Result<PlannedJob> job = Compose("app=hello_dist", "~app.class", "+app.program=dist/hello", "env=local");

        Assert.Equal("RF8130", Assert.Single(job.Problems).Code);
    }

    [Fact]
    public void Compose_ValueThatTheSchemaRefusesAndAnotherMistake_AreBothReported()
    {
        IReadOnlyList<Problem> problems =
            Compose("env=awsbatch", "env.gpus=two", "env.nodes=2", "env.array_size=3", "env.endpoint_url=nowhere").Problems;

        Assert.Contains(problems, problem => problem.Code.StartsWith("RF165", StringComparison.Ordinal)
            && problem.Place is ArgumentPlace { Text: "env.gpus=two" });
        Assert.Contains(problems, problem => problem.Code == "RF2007");
        Assert.Contains(problems, problem => problem.Code == "RF2008");
        Assert.Single(problems, problem => problem.Place is ArgumentPlace { Text: "env.gpus=two" });
    }

    [Fact]
    public void Compose_FoldersThatDoNotExist_AreEachReported()
    {
        IReadOnlyList<Problem> problems = Compose(_program.Context, ["here", "there"]).Problems;

        Assert.Equal(["There is no folder here", "There is no folder there"], problems.Select(problem => problem.What));
        Assert.All(problems, problem => Assert.Equal("RF5001", problem.Code));
    }

    [Theory]
    [InlineData("USER", "ada")]
    [InlineData("LOGNAME", "ada")]
    public void Submitter_Variables_NameTheUser(string variable, string user)
    {
        using TestProgram program = new((variable, "ada"));

        Assert.Equal(user, JobComposer.Submitter(program.Context).User);
    }

    [Fact]
    public void Submitter_NoVariable_IsTheSystemsUser()
    {
        using TestProgram program = new();

        Assert.Equal(Environment.UserName, JobComposer.Submitter(program.Context).User);
    }

    [Fact]
    public void Plan_JobThatIsDescribed_GoesWhereTheChooserSays()
    {
        JobSpec spec = Compose("app=hello_dist", "env=awsbatch", "env.gpus=1").Value.Spec;

        Assert.Equal("refrag-gpu-job-queue", JobComposer.Plan(_program.Context, spec).Value.Plan.Target.Queue);
    }

    [Fact]
    public void Compose_ASweepThatASchemaRejects_SaysThatItIsASweep()
    {
        var words = JobWords.Of(["env.gpus=two", "hydra.mode=MULTIRUN"]);
        JobSource source = JobSource.Of(_program.Context, [], "config", words).Value;

        ComposedJob composed = JobComposer.Compose(_program.Context, source, words);

        Assert.False(composed.Job.IsSuccess);
        Assert.True(composed.Sweep!.IsMultirun);
    }

    private Result<PlannedJob> Compose(params string[] words) => Compose(_program.Context, [], words);

    private static Result<PlannedJob> Compose(CliContext context, string[] folders, params string[] words)
    {
        var job = JobWords.Of(words);
        return JobSource.Of(context, folders, "config", job).TryGet(out JobSource? source, out IReadOnlyList<Problem> problems)
            ? JobComposer.Compose(context, source, job).Job
            : Result<PlannedJob>.Failure(problems);
    }

    private sealed class HelloApp : IApp
    {
        public string Name => "hello_dist";

        public Task<int> RunAsync(AppRun run, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
