using Refrag.Aws.Batch;

namespace Refrag.Aws.Tests.Limits;

public sealed class BatchLimitsTests
{
    private static readonly SubmitJobRequest s_job = Clients.Job();
    private static readonly RegisterJobDefinitionRequest s_definition = new()
    {
        JobDefinitionName = "refrag-gpu-job-def",
        Type = JobDefinitionType.Container,
        ContainerProperties = new() { Image = "image", Vcpus = 1, Memory = 64 },
    };

    public static TheoryData<string, SubmitJobRequest> BadJobs => new()
    {
        { "RF3101 SubmitJob jobName is missing, but required", s_job with { JobName = null! } },
        { "RF3101 SubmitJob jobQueue is missing, but required", s_job with { JobQueue = "" } },
        { "RF3104 SubmitJob jobName is \"-x\"", s_job with { JobName = "-x" } },
        { "RF3104 SubmitJob jobName is \"a b\"", s_job with { JobName = "a b" } },
        { "RF3104 SubmitJob jobName is \"a\n\"", s_job with { JobName = "a\n" } },
        { "RF3103 SubmitJob jobName has 129 characters, but AWS Batch allows 1 to 128", s_job with { JobName = new string('a', 129) } },
        { "RF3103 SubmitJob arrayProperties.size is 1, but AWS Batch allows 2 to 10,000", s_job with
        {
            ArrayProperties = new() { Size = 1 },
        } },
        { "RF3103 SubmitJob arrayProperties.size is 10,001", s_job with { ArrayProperties = new() { Size = 10_001 } } },
        { "RF3103 SubmitJob retryStrategy.attempts is 11, but AWS Batch allows 1 to 10", s_job with
        {
            RetryStrategy = new() { Attempts = 11 },
        } },
        { "RF3103 SubmitJob retryStrategy.evaluateOnExit has 6 elements", s_job with
        {
            RetryStrategy = new() { EvaluateOnExit = [.. Enumerable.Repeat(new EvaluateOnExit { Action = "retry", OnReason = "x*" }, 6)] },
        } },
        { "RF3104 SubmitJob retryStrategy.evaluateOnExit[0].onReason is \"*x\"", s_job with
        {
            RetryStrategy = new() { EvaluateOnExit = [new() { Action = "EXIT", OnReason = "*x" }] },
        } },
        { "RF3102 SubmitJob retryStrategy.evaluateOnExit[0].action is \"AGAIN\"", s_job with
        {
            RetryStrategy = new() { EvaluateOnExit = [new() { Action = "AGAIN" }] },
        } },
        { "RF3103 SubmitJob timeout.attemptDurationSeconds is 59, but AWS Batch allows 60 or more", s_job with
        {
            Timeout = new() { AttemptDurationSeconds = 59 },
        } },
        { "RF3103 SubmitJob tags has 51 entries", s_job with
        {
            Tags = Enumerable.Range(0, 51).ToDictionary(static i => $"k{i}", static _ => "v"),
        } },
        { "RF3104 SubmitJob shareIdentifier is \"team-a\"", s_job with { ShareIdentifier = "team-a" } },
        { "RF3103 SubmitJob schedulingPriorityOverride is 10,000", s_job with { SchedulingPriorityOverride = 10_000 } },
        { "RF3103 SubmitJob dependsOn has 21 elements", s_job with
        {
            DependsOn = [.. Enumerable.Repeat(new JobDependency { JobId = "j" }, 21)],
        } },
        { "RF3106 SubmitJob dependsOn[0] is of type N_TO_N, but has no jobId", s_job with
        {
            DependsOn = [new() { Type = ArrayJobDependency.NToN }],
        } },
        { "RF3106 SubmitJob arrayProperties and nodeOverrides are both given", s_job with
        {
            ArrayProperties = new() { Size = 2 },
            NodeOverrides = new(),
        } },
        { "RF3104 SubmitJob containerOverrides.resourceRequirements[0].value is \"two\"", Overriding(ResourceType.Gpu, "two") },
        { "RF3104 SubmitJob containerOverrides.resourceRequirements[0].value is \"0\"", Overriding(ResourceType.Gpu, "0") },
        { "RF3104 SubmitJob containerOverrides.resourceRequirements[0].value is \"3\"", Overriding(ResourceType.Memory, "3") },
        { "RF3104 SubmitJob containerOverrides.resourceRequirements[0].value is \"0.3\"", Overriding(ResourceType.Vcpu, "0.3") },
        { "RF3102 SubmitJob containerOverrides.resourceRequirements[0].type is \"gpu\"", Overriding("gpu", "1") },
        { "RF3107 SubmitJob containerOverrides.environment[0] sets \"AWS_BATCH_X\"", s_job with
        {
            ContainerOverrides = new() { Environment = [new() { Name = "AWS_BATCH_X", Value = "1" }] },
        } },
        { "RF3101 SubmitJob containerOverrides.environment[1].name is missing", s_job with
        {
            ContainerOverrides = new() { Environment = [new() { Name = "X", Value = "1" }, new() { Value = "1" }] },
        } },
        { "RF3106 SubmitJob containerOverrides.command[1] is empty", s_job with { ContainerOverrides = new() { Command = ["run", ""] } } },
        { "RF3104 the key \"aws:x\" of SubmitJob tags is \"aws:x\"", s_job with
        {
            Tags = new Dictionary<string, string> { ["aws:x"] = "1" },
        } },
        { "RF3104 SubmitJob tags.x is \"a;b\"", s_job with { Tags = new Dictionary<string, string> { ["x"] = "a;b" } } },
    };

    [Theory]
    [MemberData(nameof(BadJobs))]
    public void Check_OneLimitBroken_IsTheOneProblem(string expected, SubmitJobRequest request) =>
        Assert.StartsWith(
            expected, Assert.Single(BatchLimits.Check(BatchOperations.SubmitJob, request)).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Check_EverythingAtItsLimit_IsAccepted() => Assert.Empty(BatchLimits.Check(BatchOperations.SubmitJob, s_job with
    {
        JobName = "9" + new string('_', 127),
        ArrayProperties = new() { Size = 10_000 },
        RetryStrategy = new()
        {
            Attempts = 10,
            EvaluateOnExit = [new() { Action = "retry", OnStatusReason = "Host EC2*" },
                new() { Action = RetryAction.Exit, OnExitCode = "1*" }],
        },
        Timeout = new() { AttemptDurationSeconds = 60 },
        Tags = Enumerable.Range(0, 50).ToDictionary(static i => $"k{i}", static _ => ""),
        ShareIdentifier = new string('a', 255) + "*",
        SchedulingPriorityOverride = 9999,
        DependsOn = [.. Enumerable.Repeat(new JobDependency { JobId = "j" }, 20)],
        ContainerOverrides = new()
        {
            ResourceRequirements = [new() { Type = "VCPU", Value = "0.25" }, new() { Type = "MEMORY", Value = "4" },
                new() { Type = "GPU", Value = "1" }],
        },
    }));

    [Fact]
    public void Check_SeveralLimitsBroken_AreAllReported() => Assert.Equal(
        ["RF3104", "RF3103", "RF3103"],
        BatchLimits.Check(BatchOperations.SubmitJob,
            s_job with { JobName = "?", ArrayProperties = new() { Size = 0 }, Timeout = new() { AttemptDurationSeconds = 1 } })
                .Select(static p => p.Code));

    // {"command":["…"]} has 16 bytes around the text.
    [Theory]
    [InlineData(BatchLimits.ContainerOverridesBytes - 16, 0)]
    [InlineData(BatchLimits.ContainerOverridesBytes - 15, 1)]
    public void Check_ContainerOverridesBytes_AreCountedAsJson(int letters, int problems)
    {
        var found =
            BatchLimits.Check(
                BatchOperations.SubmitJob, s_job with { ContainerOverrides = new() { Command = [new string('a', letters)] } });
        Assert.Equal(problems, found.Count);
        Assert.All(found,
            static p =>
                Assert.StartsWith("RF3105 SubmitJob containerOverrides takes 8,193 bytes as JSON, but AWS Batch allows 8,192", p.ToString(),
                    StringComparison.Ordinal));
    }

    [Fact]
    public void Check_RequestTooLarge_IsReported()
    {
        var request = s_job with { Parameters = new Dictionary<string, string> { ["p"] = new string('a', BatchLimits.SubmitJobBytes) } };
        Assert.Equal("RF3105", Assert.Single(BatchLimits.Check(BatchOperations.SubmitJob, request)).Code);
    }

    [Fact]
    public void Check_DefinitionTooLarge_IsReported()
    {
        var request = s_definition with
        {
            ContainerProperties = new()
            {
                Image = "i",
                Vcpus = 1,
                Memory = 64,
                Command = [new string('a', BatchLimits.JobDefinitionBytes)],
            },
        };
        Assert.Equal("RF3105", Assert.Single(BatchLimits.Check(BatchOperations.RegisterJobDefinition, request)).Code);
    }

    [Fact]
    public void Check_DefinitionOfTheWrongKind_IsReported()
    {
        Assert.Empty(BatchLimits.Check(BatchOperations.RegisterJobDefinition, s_definition));
        Assert.Equal("RF3106",
            Assert.Single(
                BatchLimits.Check(BatchOperations.RegisterJobDefinition, s_definition with { Type = JobDefinitionType.Multinode })).Code);
        var nodes = new NodeProperties
        {
            NumNodes = 2,
            MainNode = 2,
            NodeRangeProperties = [new() { TargetNodes = "0-1", Container = s_definition.ContainerProperties }],
        };
        Assert.Equal(["RF3104", "RF3106"],
            BatchLimits.Check(BatchOperations.RegisterJobDefinition,
                s_definition with { Type = JobDefinitionType.Multinode, ContainerProperties = null, NodeProperties = nodes })
                    .Select(static p => p.Code));
    }

    [Fact]
    public void Check_ListJobs_WantsExactlyOnePlace()
    {
        Assert.Equal("RF3106", Assert.Single(BatchLimits.Check(BatchOperations.ListJobs, new())).Code);
        Assert.Equal("RF3106", Assert.Single(BatchLimits.Check(BatchOperations.ListJobs, new() { JobQueue = "q", ArrayJobId = "j" })).Code);
        Assert.Empty(BatchLimits.Check(BatchOperations.ListJobs, new() { JobQueue = "q" }));
    }

    [Fact]
    public void Check_TooManyJobsToDescribe_IsReported() =>
        Assert.Equal("RF3103",
            Assert.Single(BatchLimits.Check(BatchOperations.DescribeJobs, new() { Jobs = [.. Enumerable.Repeat("j", 101)] })).Code);

    [Fact]
    public void Check_ArnOutsideTheBody_IsStillRequired() =>
        Assert.Equal("RF3101", Assert.Single(BatchLimits.Check(BatchOperations.ListTagsForResource, new() { ResourceArn = "" })).Code);

    [Theory]
    [InlineData(999.9999f, 0)]
    [InlineData(1000f, 1)]
    [InlineData(0.0001f, 0)]
    [InlineData(0.00009f, 1)]
    public void Check_WeightFactor_IsWhatItsDigitsSay(float weight, int problems) => Assert.Equal(
        problems,
        BatchLimits.Check(BatchOperations.CreateSchedulingPolicy,
            new()
            {
                Name =
                "p",
                FairsharePolicy = new() { ShareDistribution = [new() { ShareIdentifier = "a", WeightFactor = weight }] }
            }).Count);

    [Fact]
    public void Check_NulAnywhere_IsReported()
    {
        Assert.StartsWith("RF3108 SubmitJob containerOverrides.command[1] contains a NUL",
            Only(s_job with { ContainerOverrides = new() { Command = ["a", "b\0c"] } }), StringComparison.Ordinal);
        Assert.StartsWith("RF3108 SubmitJob containerOverrides.environment[0].value",
            Only(s_job with { ContainerOverrides = new() { Environment = [new() { Name = "A", Value = "\0" }] } }),
            StringComparison.Ordinal);
        Assert.StartsWith("RF3108 SubmitJob parameters", Only(s_job with { Parameters = new Dictionary<string, string> { ["p"] = "\0" } }),
            StringComparison.Ordinal);
        Assert.StartsWith("RF3108 SubmitJob parameters", Only(s_job with { Parameters = new Dictionary<string, string> { ["\0"] = "p" } }),
            StringComparison.Ordinal);
        static string Only(SubmitJobRequest request) => Assert.Single(BatchLimits.Check(BatchOperations.SubmitJob, request)).ToString();
    }

    // AWS raises the limit on request, so that a client must not refuse what an account may have.
    [Fact]
    public void CheckForEngine_LimitsThatAwsDoesNotHave_AreTheEnginesAlone()
    {
        var request = s_job with { NodeOverrides = new() { NumNodes = 1001 } };
        Assert.Empty(BatchLimits.Check(BatchOperations.SubmitJob, request));
        Assert.StartsWith(
            "RF3103 SubmitJob nodeOverrides.numNodes is 1,001, but the embedded engine allows 1 to 1,000",
            Assert.Single(BatchLimits.CheckForEngine(BatchOperations.SubmitJob, request)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_LargeServiceJobWithoutItsPayload_NamesWhatIsMissing()
    {
        var rule = new ServiceJobEvaluateOnExit { Action = "RETRY", OnStatusReason = "*" };
        List<ServiceJobEvaluateOnExit> rules = [.. Enumerable.Repeat(rule, 1000)];
        var request = new SubmitServiceJobRequest
        {
            JobName = "j",
            JobQueue = "q",
            ServiceJobType = "SAGEMAKER_TRAINING",
            ServiceRequestPayload = null!,
            RetryStrategy = new ServiceJobRetryStrategy { Attempts = 1, EvaluateOnExit = rules },
        };

        Assert.Contains(BatchLimits.CheckForEngine(BatchOperations.SubmitServiceJob, request),
            problem => problem.What.Contains("serviceRequestPayload", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(10_240, 0)]
    [InlineData(10_241, 1)]
    public void Check_ServicePayload_IsLimited(int bytes, int problems) => Assert.Equal(problems, BatchLimits.Check(
        BatchOperations.SubmitServiceJob,
        new()
        {
            JobName = "j",
            JobQueue = "q",
            ServiceJobType = "SAGEMAKER_TRAINING",
            ServiceRequestPayload =
            new string('x', bytes)
        }).Count);

    // API SubmitJob, jobName.
    [Theory]
    [InlineData("a", 1, true)]
    [InlineData("a", BatchLimits.NameLength, true)]
    [InlineData("a", BatchLimits.NameLength + 1, false)]
    [InlineData("0-_", 1, true)]
    [InlineData("-a", 1, false)]
    [InlineData("_a", 1, false)]
    [InlineData("a b", 1, false)]
    [InlineData("a\n", 1, false)]
    [InlineData("", 1, false)]
    public void IsName_TextRepeated_FollowsTheRuleOfNames(string text, int times, bool expected) =>
        Assert.Equal(expected, BatchLimits.IsName(string.Concat(Enumerable.Repeat(text, times))));

    // API SubmitJob, shareIdentifier: 255 letters and digits, which may be followed by an asterisk.
    [Theory]
    [InlineData(1, "", true)]
    [InlineData(BatchLimits.ShareLength, "*", true)]
    [InlineData(BatchLimits.ShareLength + 1, "", false)]
    [InlineData(0, "*", false)]
    [InlineData(1, "-", false)]
    [InlineData(1, "*a", false)]
    public void IsShare_LettersAndAnEnd_FollowsTheRuleOfShares(int letters, string end, bool expected) =>
        Assert.Equal(expected, BatchLimits.IsShare(new string('a', letters) + end));

    [Fact]
    public void Rules_InWords_NameTheirLengths()
    {
        Assert.StartsWith($"at most {BatchLimits.NameLength} letters", BatchLimits.NameRule, StringComparison.Ordinal);
        Assert.StartsWith($"at most {BatchLimits.ShareLength} letters", BatchLimits.ShareRule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train/v2 @é+½=_.:-", "train/v2 @é+½=_.:-")]
    [InlineData("a\tb*(c)", "a_b__c_")]
    [InlineData("\ud83d\ude00", "__")]
    [InlineData("aws:x", "aws_x")]
    [InlineData("AWS:", "AWS_")]
    [InlineData("laws:x", "laws:x")]
    public void TagValue_AnyText_IsOneThatATagCanHave(string text, string expected)
    {
        Assert.Equal(expected, BatchLimits.TagValue(text));
        Assert.Equal(BatchLimits.TagValueLength, BatchLimits.TagValue(text + new string('x', BatchLimits.TagValueLength)).Length);
        Assert.Empty(BatchLimits.Check(
            BatchOperations.SubmitJob, s_job with { Tags = new Dictionary<string, string> { ["t"] = BatchLimits.TagValue(text) } }));
    }

    private static SubmitJobRequest Overriding(string type, string value) =>
        s_job with { ContainerOverrides = new() { ResourceRequirements = [new() { Type = type, Value = value }] } };
}
