using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Logs;
using Refrag.Diagnosis;
using Refrag.Launching;
using Refrag.Scheduling.Catalogue;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Tests.Diagnosis;

public sealed class WhyTests
{
    private static readonly InstanceCatalogue s_catalogue = InstanceCatalogue.Load();
    private static readonly PriceTable s_prices = PriceTable.Load();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Broken => [.. SetupFiles.Broken.Select(s => s.Name)];

    public static TheoryData<string> Reported => [.. SetupFiles.Reported.Select(s => s.Name)];

    public static TheoryData<string> Independent => [.. SetupFiles.Independent.Select(s => s.Name)];

    public static TheoryData<string> Healthy => [.. AllHealthy.Select(s => s.Name)];

    private static IReadOnlyList<Setup> AllHealthy => [.. SetupFiles.Healthy, .. SetupFiles.IndependentHealthy];

    [Theory]
    [MemberData(nameof(Broken))]
    [MemberData(nameof(Reported))]
    [MemberData(nameof(Independent))]
    public async Task Of_BrokenSetup_NamesEveryFaultAndTheFirstOneFirst(string name)
    {
        Setup setup = SetupFiles.Broken.Concat(SetupFiles.Reported).Concat(SetupFiles.Independent).Single(s => s.Name == name);

        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(setup);

        Assert.Equal(setup.Codes[0], diagnosis.Causes.Select(c => c.Code).FirstOrDefault());
        Assert.Empty(setup.Codes.Except(diagnosis.Causes.Select(c => c.Code), StringComparer.Ordinal));
        Assert.All(diagnosis.Causes, c => Assert.NotEmpty(c.Evidence));
    }

    [Theory]
    [MemberData(nameof(Healthy))]
    public async Task Of_HealthySetup_NamesNoCause(string name)
    {
        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(AllHealthy.Single(s => s.Name == name));

        Assert.Empty(diagnosis.Causes);
        Assert.NotEmpty(diagnosis.Summary);
    }

    [Fact]
    public async Task Of_AllSetups_FiguresForTheBench()
    {
        await WriteFiguresAsync("written beside the checks", SetupFiles.Broken, SetupFiles.Healthy);
        await WriteFiguresAsync("from public reports", SetupFiles.Reported, []);
        await WriteFiguresAsync("independent", SetupFiles.Independent, SetupFiles.IndependentHealthy);
        Assert.True(SetupFiles.Broken.Count >= 40 && SetupFiles.Healthy.Count >= 20 && SetupFiles.Reported.Count >= 20);
    }

    private static async Task WriteFiguresAsync(string which, IReadOnlyList<Setup> broken, IReadOnlyList<Setup> healthy)
    {
        (int named, int injected, int accused, int first) = (0, 0, 0, 0);
        foreach (Setup setup in broken.Concat(healthy))
        {
            string[] causes = [.. (await DiagnoseAsync(setup)).Causes.Select(c => c.Code)];
            named += setup.Codes.Count(c => causes.Contains(c, StringComparer.Ordinal));
            injected += setup.Codes.Count;
            accused += causes.Except(setup.Codes, StringComparer.Ordinal).Count();
            string? expected = setup.Codes is [var code, ..] ? code : null;
            if (setup.Codes.Except(causes, StringComparer.Ordinal).Any() || causes.FirstOrDefault() != expected)
                TestContext.Current.TestOutputHelper?.WriteLine(
                    $"  {setup.Name}: {string.Join(' ', setup.Codes)}, named were {string.Join(' ', causes)}");
            if (expected is not null && causes.FirstOrDefault() == expected) first++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{which}: {broken.Count} broken, {healthy.Count} healthy: recall {named}/{injected}, first {first}/{broken.Count}, "
            + $"precision {named}/{named + accused}");
        Assert.Equal(injected, named);
        Assert.Equal(broken.Count, first);
    }

    [Fact]
    public async Task Of_TwoGpusWithoutTheType_ChecksThatAddingItHelps()
    {
        Setup setup = SetupFiles.Broken.Single(s => s.Name == "two GPUs without the 12xlarge");
        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(setup);

        Cure add = diagnosis.Causes[0].Cures.Single(c => c.Text.Contains("g5.12xlarge", StringComparison.Ordinal));
        Assert.Equal("checked: it would start", add.Checked);
        Assert.Contains("g5.xlarge,g5.2xlarge,g5.4xlarge,g5.12xlarge", add.Command, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_QuotaMayNotBeRead_SaysWhichCheckCouldNotBeMade()
    {
        FakeAccount account = new();
        account.Denied.Add("GetServiceQuota");

        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(account, FakeAccount.Job(), new Setup("", []));

        Assert.Contains(diagnosis.NotChecked,
            n => n.Contains("quota", StringComparison.Ordinal) && n.Contains("AccessDenied", StringComparison.Ordinal));
        Assert.Empty(diagnosis.Causes);
    }

    [Fact]
    public async Task Of_RolesAndImageMayNotBeRead_SaysWhichChecksCouldNotBeMade()
    {
        FakeAccount account = new();
        account.AddSingle("one", "arm64");
        foreach (string operation in (string[])["GetRole", "GetInstanceProfile", "GetDownloadUrlForLayer"]) account.Denied.Add(operation);
        JobDetail job = FakeAccount.Job() with
        {
            Container = FakeAccount.Job().Container! with
            {
                Image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/refrag:one",
                JobRoleArn = "arn:aws:iam::1:role/gone",
            },
        };

        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(account, job, new Setup("", []));

        Assert.Equal(["the image's architecture", "the instance profile ecs", "the job role gone"],
            diagnosis.NotChecked.Select(n => n.Split(':')[0]).Order(StringComparer.Ordinal));
        Assert.Empty(diagnosis.Causes);
    }

    [Fact]
    public async Task Of_IamOutOfReach_TriesOnceAndSaysWhichChecksCouldNotBeMade()
    {
        FakeAccount account = new();
        account.OutOfReach.Add(AwsService.Iam);
        JobDetail job = FakeAccount.Job() with
        {
            Container = FakeAccount.Job().Container! with
            {
                JobRoleArn = "arn:aws:iam::1:role/gone",
                ExecutionRoleArn = "arn:aws:iam::1:role/gone",
            },
        };

        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(account, job, new Setup("", []));

        Assert.Single(account.Calls, c => c is "GetRole" or "GetInstanceProfile");
        Assert.Equal(3, diagnosis.NotChecked.Count(n => n.EndsWith("IAM cannot be reached", StringComparison.Ordinal)));
        Assert.Empty(diagnosis.Causes);
    }

    // What `refrag doctor` asks of a queue with its definition.
    [Fact]
    public async Task OfAsync_QueueWhoseHeadIsBlocked_IsNotHealthy()
    {
        FakeAccount account = new();
        account.Jobs.Add(FakeAccount.Job(id: "head", minutes: 30) with
        {
            StatusReason = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that "
                + "can be met by the CE(s) attached to the job queue.",
        });
        var reader = new SituationReader(account, null, new FixedTime(), s_catalogue, s_prices);

        Cause cause = Assert.Single(Diagnostician.Of(await reader.OfAsync(FakeAccount.Cpu, "refrag-cpu-job-def", Stop)).Causes);
        Refrag.Diagnosis.Diagnosis other = Diagnostician.Of(await reader.OfAsync(FakeAccount.Gpu, "refrag-gpu-job-def", Stop));

        Assert.Equal("head-blocked", cause.Code);
        Assert.Contains("train (head)", cause.What, StringComparison.Ordinal);
        Assert.Contains(cause.Cures, cure => cure.Command == "refrag why head");
        Assert.Empty(other.Causes);
    }

    // Batch says that a job is too large while its instance boots (nextflow#7479).
    [Theory]
    [InlineData(3, Confidence.Possible)]
    [InlineData(45, Confidence.Likely)]
    public async Task Of_BatchsWordThatTheJobIsTooLarge_CountsForMoreWithTime(int minutes, Confidence expected)
    {
        JobDetail job = FakeAccount.Job(minutes: minutes) with
        {
            StatusReason = "MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that "
                + "can be met by the CE(s) attached to the job queue.",
        };

        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(new FakeAccount(), job, new Setup("", []));

        Assert.Equal(expected, Assert.Single(diagnosis.Causes, cause => cause.Code == "needs-too-large").Confidence);
    }

    [Theory]
    [InlineData(2, Confidence.Likely)]
    [InlineData(9, Confidence.Possible)]
    public async Task Of_NoSpotInstanceForLong_SaysWhatEc2ThinksOfTheChances(int score, Confidence expected)
    {
        FakeAccount account = new() { SpotScore = score };

        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(account, FakeAccount.Job(minutes: 45), new Setup("", []));

        Cause cause = Assert.Single(diagnosis.Causes);
        Assert.Equal(("no-spot-capacity", expected), (cause.Code, cause.Confidence));
        Assert.Contains(cause.Evidence, e => e.Text.StartsWith($"GetSpotPlacementScores: {score} of 10", StringComparison.Ordinal));
    }

    // A URL that was signed with a job role's credentials ends with them.
    [Theory]
    [InlineData("a URL that the job role signed has expired", "Let the SDK fetch the role's credentials, and sign URLs anew", null)]
    [InlineData("expired token", "Name a job role in place of credentials that are handed over", "env.job_role_arn=ARN")]
    public async Task Of_ExpiredCredentials_NamesACureThatFitsTheJobsRole(string name, string cure, string? command)
    {
        Cause cause = (await DiagnoseAsync(SetupFiles.Broken.Concat(SetupFiles.ByHand).Single(s => s.Name == name))).Causes[0];

        Assert.Equal("credentials-expired", cause.Code);
        Assert.Equal((cure, command), (cause.Cures[0].Text, cause.Cures[0].Command));
    }

    // Fargate has no desired vCPUs: that its maximum is used up is not seen, and where jobs run it is the first guess.
    [Theory]
    [InlineData("Fargate whose maximum may be used up", "its maximum of 16 vCPUs may be used up", "VALID, FARGATE", "maxvCpus=17")]
    [InlineData("Fargate that is being updated does not come", "nothing seen explains why", "UPDATING, FARGATE_SPOT", "fargate")]
    public async Task Of_JobThatWaitsForFargate_NamesTheMaximumFirstWhereJobsRun(string name, string what, string seen, string command)
    {
        Cause cause = (await DiagnoseAsync(SetupFiles.Broken.Single(s => s.Name == name))).Causes[0];

        Assert.Contains(what, cause.What, StringComparison.Ordinal);
        Assert.Contains(seen, cause.Evidence[0].Text, StringComparison.Ordinal);
        Assert.EndsWith(command, cause.Cures[0].Command, StringComparison.Ordinal);
        Assert.Null(cause.Cures[0].Checked);
    }

    [Fact]
    public async Task Of_QuotaOfZero_SaysWhatIsLeftAndNotThatItWouldStart()
    {
        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(SetupFiles.Broken.Single(s => s.Name == "GPU quota of 0"));

        Assert.Contains("L-3819A6DF", diagnosis.Causes[0].Cures[0].Command, StringComparison.Ordinal);
        Assert.Equal("then nothing known is in its way", diagnosis.Causes[0].Cures[0].Checked);
    }

    [Fact]
    public async Task Of_TwoFaults_SaysWhatIsStillInTheWayAfterACure()
    {
        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(SetupFiles.Broken.Single(s => s.Name == "queue disabled and too large"));

        Assert.StartsWith("checked: then this is still in its way", diagnosis.Causes[0].Cures[0].Checked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_TypeThatTheCatalogueLacks_SaysThatItsFitIsUnknown()
    {
        Refrag.Diagnosis.Diagnosis diagnosis =
            await DiagnoseAsync(SetupFiles.Healthy.Single(s => s.Name == "an unknown type that is large enough by its size"));

        Assert.Contains(diagnosis.NotChecked, n => n.Contains("zz9.8xlarge", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_PermissionMissing_SaysWhichCheckCouldNotBeMade()
    {
        FakeAccount account = new();
        account.Denied.Add("GetJobQueueSnapshot");
        account.Denied.Add("DescribeComputeEnvironments");

        Refrag.Diagnosis.Diagnosis diagnosis = await DiagnoseAsync(account, FakeAccount.Job(), new Setup("", []));

        Assert.Contains(diagnosis.NotChecked,
            n => n.Contains("compute environments", StringComparison.Ordinal) && n.Contains("AccessDenied", StringComparison.Ordinal));
        Assert.Contains(diagnosis.NotChecked, n => n.Contains("place in the queue", StringComparison.Ordinal));
        Assert.DoesNotContain(diagnosis.Causes, c => c.Confidence == Confidence.Certain);
    }

    internal static Task<Refrag.Diagnosis.Diagnosis> DiagnoseAsync(
        Setup setup, Func<AwsOperation, JsonNode, JsonNode>? change = null)
    {
        FakeAccount account = new() { Rewrite = change };
        return DiagnoseAsync(account, setup.Apply(account), setup);
    }

    private static async Task<Refrag.Diagnosis.Diagnosis> DiagnoseAsync(FakeAccount account, JobDetail? job, Setup setup)
    {
        if (job is not null) account.Jobs.Add(job);
        var reader = new SituationReader(account, new LogEnd(setup.Log, account.LogGroups), new FixedTime(), s_catalogue, s_prices)
        {
            Aws = account,
            Downloads = account,
        };
        Situation situation = job is not null
            ? await reader.OfAsync(job, Stop)
            : await reader.OfAsync(
            new LaunchPlan(new Target(setup.Submit.JobQueue, setup.Submit.JobDefinition, ""), null, setup.Submit, new SubmissionId("s")),
            Stop);
        return Diagnostician.Of(situation with { OtherQueues = (FakeAccount.Cpu, FakeAccount.Gpu) });
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => FakeAccount.Now;
    }

    private sealed class LogEnd(IReadOnlyList<string> lines, List<string> groups) : IAwsTransport
    {
        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => Task.FromResult((TResponse)(request is DescribeLogGroupsRequest
            ? new DescribeLogGroupsResponse { LogGroups = [.. groups.Select(g => new LogGroup { LogGroupName = g })] }
            : (object)new GetLogEventsResponse { Events = [.. lines.Select(l => new OutputLogEvent { Message = l })] }));
    }
}
