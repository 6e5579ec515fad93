using Refrag.Aws.Batch;
using Refrag.CodeArchives;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Results;
using Refrag.Targeting;

namespace Refrag.Tests.Launching;

public sealed class LaunchPlannerTests
{
    private static readonly Submitter s_submitter = new("ada", new("11111111-2222-3333-4444-555555555555"));

    [Fact]
    public void Plan_CommandOnCpu_SaysOnlyWhatDiffersFromTheDefinition()
    {
        SubmitJobRequest submit = Plan(Specs.Command("python", "train.py")).Submit;

        Assert.Equal(("mine", "q", "d"), (submit.JobName, submit.JobQueue, submit.JobDefinition));
        Assert.Equal(["exec", "--", "python", "train.py"], submit.ContainerOverrides!.Command);
        Assert.Null(submit.ContainerOverrides.ResourceRequirements);
        Assert.Null(submit.ContainerOverrides.Environment);
        Assert.Equal(1, submit.RetryStrategy!.Attempts);
        Assert.Null(submit.Timeout);
        Assert.Null(submit.ArrayProperties);
    }

    [Fact]
    public void Plan_EveryField_IsInTheRequest()
    {
        SubmitJobRequest submit = Plan(Specs.Command() with
        {
            Requirements = new(new Gpus(2), new VCpus(16), new MebiBytes(65536)),
            ArraySize = 100,
            Timeout = TimeSpan.FromHours(8),
            ShareIdentifier = "vision",
            Priority = 7,
            DependsOn = ["a", "b"],
            Environment = [new("LR", "0.1")],
            Tags = new Dictionary<string, string> { ["team"] = "vision" },
        }).Sent;

        Assert.Equal(
            ["VCPU=16", "MEMORY=65536", "GPU=2"], submit.ContainerOverrides!.ResourceRequirements!.Select(r => $"{r.Type}={r.Value}"));
        Assert.Equal(["LR=0.1"], submit.ContainerOverrides.Environment!.Select(v => $"{v.Name}={v.Value}"));
        Assert.Equal(100, submit.ArrayProperties!.Size);
        Assert.Equal(28800, submit.Timeout!.AttemptDurationSeconds);
        Assert.Equal(("vision", 7), (submit.ShareIdentifier, submit.SchedulingPriorityOverride));
        Assert.Equal(["a", "b"], submit.DependsOn!.Select(d => d.JobId));
        Assert.Equal(["app=mine", "project=refrag", "refrag:submission-id=11111111-2222-3333-4444-555555555555", "team=vision", "user=ada"],
            submit.Tags!.Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal));
        Assert.True(submit.PropagateTags);
    }

    [Fact]
    public void Plan_Retries_RetryHostsAndPullsButNotTheApp()
    {
        RetryStrategy strategy = Plan(Specs.Command() with { Retries = 2 }).Submit.RetryStrategy!;

        Assert.Equal(3, strategy.Attempts);
        Assert.Equal(["Host EC2*  RETRY", " CannotPullContainer* RETRY", " DockerTimeoutError* RETRY", " * EXIT"],
            strategy.EvaluateOnExit!.Select(e => $"{e.OnStatusReason} {e.OnReason} {e.Action}"));
    }

    [Fact]
    public void Plan_SeveralNodes_OverridesThemAllThroughADerivedDefinition()
    {
        LaunchPlan plan = Plan(Specs.Command() with { Nodes = 4, Requirements = new(new Gpus(0), new VCpus(2), null) });

        Assert.Null(plan.Submit.ContainerOverrides);
        NodePropertyOverride all = Assert.Single(plan.Submit.NodeOverrides!.NodePropertyOverrides!);
        Assert.Equal("0:3", all.TargetNodes);
        Assert.Equal("2", Assert.Single(all.ContainerOverrides!.ResourceRequirements!).Value);
        Assert.Equal(plan.Derivation!.Name, plan.Submit.JobDefinition);
        Assert.StartsWith("d-", plan.Derivation.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_Code_IsNamedByVariablesAndTags()
    {
        SubmitJobRequest submit = Plan(Specs.Command() with
        {
            Environment = [new("LR", "0.1"), new("REFRAG_CODE", "of another job")],
            CodeReference = new CodeReference("file:///store/abc.tar.gz", "abc", new GitState("1234", "fix/\u00fc", IsDirty: true)),
        }).Submit;

        Assert.Equal(["LR=0.1", "REFRAG_CODE=file:///store/abc.tar.gz", "REFRAG_CODE_SHA256=abc"],
            submit.ContainerOverrides!.Environment!.Select(v => $"{v.Name}={v.Value}"));
        Assert.Equal(["refrag:branch=fix/\u00fc", "refrag:code=abc", "refrag:commit=1234", "refrag:dirty=true"],
            submit.Tags!.Where(t => t.Key.StartsWith("refrag:", StringComparison.Ordinal))
                .Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Plan_Results_AreNamedByVariables()
    {
        SubmitJobRequest submit = Plan(Specs.Command() with
        {
            Environment = [new("LR", "0.1"), new("REFRAG_RESULTS", "of another job")],
            Results = new ResultsChoice("s3://bucket/results", TimeSpan.FromMinutes(5)),
        }).Submit;

        Assert.Equal(["LR=0.1", "REFRAG_RESULTS=s3://bucket/results", "REFRAG_RESULTS_INTERVAL=300"],
            submit.ContainerOverrides!.Environment!.Select(v => $"{v.Name}={v.Value}"));
    }

    [Fact]
    public void Plan_ClassApp_CarriesItsConfiguration() =>
        Assert.Equal(["exec", "hello_dist", """{"message":"hi"}"""],
            Plan(Specs.Command() with
            {
                App = new ClassApp("hello", "hello_dist", """{"message":"hi"}"""),
            }).Submit.ContainerOverrides!.Command);

    [Fact]
    public void Plan_ShellEntryPoint_WrapsTheCommand()
    {
        IReadOnlyList<string> command =
            Plan(Specs.Command("python", "train.py") with { EntryPoint = EntryPoint.Shell }).Submit.ContainerOverrides!.Command!;

        Assert.Equal(["sh", "-c"], command.Take(2));
        Assert.Equal(["python", "train.py"], command.TakeLast(2));
    }

    [Fact]
    public void Plan_ClassAppWithShellEntryPoint_IsRefused() =>
        Assert.Equal("RF2020", Assert.Single(LaunchPlanner.Plan(
            Specs.Command() with { App = new ClassApp("hello", "hello_dist", "{}"), EntryPoint = EntryPoint.Shell }, Target,
            s_submitter).Problems).Code);

    [Theory]
    [InlineData(8000, true)]
    [InlineData(8192, false)]
    public void Plan_LongOverrides_AreRefusedAboveBatchsLimit(int length, bool fits)
    {
        Result<LaunchPlan> plan = LaunchPlanner.Plan(
            Specs.Command() with { Environment = [new("BIG", new string('x', length))] }, Target, s_submitter);

        Assert.Equal(fits, plan.IsSuccess);
        if (!fits) Assert.Contains(plan.Problems, p => p.Code == "RF2021" && p.Cure.Contains("env.environment", StringComparison.Ordinal));
    }

    [Fact]
    public void Plan_UserNameWithForbiddenLetters_IsAllowedAsATag() =>
        Assert.Equal("a_b", LaunchPlanner.Plan(Specs.Command(), Target, new Submitter("a\tb", new("id"))).Value.Submit.Tags!["user"]);

    private static Target Target => new("q", "d", "because");

    private static LaunchPlan Plan(JobSpec spec) => LaunchPlanner.Plan(spec, Target, s_submitter).Value;
}
