using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Infrastructure;
using Refrag.Monitoring;
using Refrag.Quotas;

namespace Refrag.Tests.Infrastructure;

public sealed class StackVerificationTests
{
    private static readonly StackOutputs s_outputs = new()
    {
        CpuJobQueue = "cpu-queue",
        CpuJobDefinition = "cpu-def",
        ComputeEnvironments = ["cpu-env"],
        Region = "us-east-1",
        JobImage = "123456789012.dkr.ecr.us-east-1.amazonaws.com/jobs:1",
        LogGroup = "/refrag/batch",
    };

    private static DeployedStack Good { get; } = new()
    {
        Queues = [new JobQueueDetail
        {
            JobQueueName = "cpu-queue",
            State = "ENABLED",
            Status = "VALID",
            ComputeEnvironmentOrder = [new() { Order = 1, ComputeEnvironment = "arn:aws:batch:us-east-1:1:compute-environment/cpu-env" }],
        }],
        EnvironmentNames = ["cpu-env"],
        Environments = [Environment("m6i")],
        Definitions = [Definition("15000")],
        Types = [new InstanceTypeInfo("m6i.large", 2, 8192, 0), new InstanceTypeInfo("m6i.xlarge", 4, 16384, 0)],
        HasLogGroup = true,
        HasImage = true,
    };

    [Fact]
    public void Judge_EverythingThere_IsGoodAndNamesTheTypesThatFit()
    {
        IReadOnlyList<VerifiedThing> things = StackVerification.Judge(s_outputs, Good);
        Assert.All(things, t => Assert.True(t.IsGood, t.Problem?.ToString()));
        Assert.Contains("fit of cpu-def (4 vCPU, 15000 MiB): m6i.xlarge", things.Select(t => t.Subject));
        Assert.Equal(7, things.Count);
    }

    [Fact]
    public void Judge_NothingThere_ReportsEachOnce()
    {
        var nothing = new DeployedStack
        {
            Queues = [],
            EnvironmentNames = ["cpu-env"],
            Environments = [],
            Definitions = [],
            Types = [],
            HasLogGroup = false,
            HasImage = false,
        };
        Assert.Equal(["RF6020", "RF6020", "RF6020", "RF6025", "RF6026"], Codes(nothing));
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(false, "RF6020")]
    public void Judge_StackWithABucket_LooksAtIt(bool isThere, string code)
    {
        StackOutputs outputs = s_outputs with { CodeStore = "s3://refrag-us-east-1-1/code" };
        VerifiedThing bucket = Assert.Single(
            StackVerification.Judge(outputs, Good with { HasBucket = isThere }), thing => thing.Subject == "bucket refrag-us-east-1-1");
        Assert.Equal(code, bucket.Problem?.Code ?? "");
    }

    [Fact]
    public void Judge_QueueDisabled_SaysSo() =>
        Assert.Equal(["RF6021"], Codes(Good with { Queues = [Good.Queues[0] with { State = "DISABLED" }] }));

    [Fact]
    public void Judge_EnvironmentInvalid_ReportsTheReason()
    {
        DeployedStack stack = Good with
        {
            Environments = [Good.Environments[0] with { Status = "INVALID", StatusReason = "no such subnet" }],
        };
        Problem problem = Assert.Single(StackVerification.Judge(s_outputs, stack).Select(t => t.Problem).OfType<Problem>());
        Assert.Equal(("RF6022", "no such subnet"), (problem.Code, problem.Cause));
    }

    [Theory]
    [InlineData("16003", "RF6023", "")] // more than AWS's formula leaves of 16,384 MiB
    [InlineData("15600", "", "cpu-def fits m6i.xlarge only if the machine image keeps little of the memory")]
    [InlineData("15564", "", "")] // 95 %
    public void Judge_LargestTypeAtItsLimit_CountsWhatTheSystemKeeps(string memory, string code, string warning)
    {
        DeployedStack stack = Good with { Definitions = [Definition(memory)] };
        Assert.Equal(code, string.Join(',', Codes(stack)));
        Assert.Equal(warning, string.Join(',', Warnings(stack)));
    }

    [Fact]
    public void Judge_SomeTypesThatTheRegionLacks_AreAWarning()
    {
        DeployedStack stack = Good with { Environments = [Environment("m6i", "z99", "m6i.large", "m6i.huge")] };
        Assert.Empty(Codes(stack));
        Assert.Equal(["EC2 does not offer z99, m6i.huge in us-east-1"], Warnings(stack));
    }

    [Fact]
    public void Judge_NoTypeThatTheRegionHas_IsAProblem()
    {
        IReadOnlyList<VerifiedThing> things = StackVerification.Judge(s_outputs, Good with { Environments = [Environment("z99")] });
        Assert.Contains("lists z99, which", Assert.Single(things, t => t.Problem?.Code == "RF6024").Problem!.What);
    }

    [Theory]
    [InlineData(32, "", "")]
    [InlineData(5, "", "cpu-env may start 32 vCPUs, and the account 5")] // AWS's value for new accounts
    [InlineData(1, "RF6027", "")] // below the smallest type, m6i.large with 2 vCPUs
    [InlineData(0, "RF6027", "")]
    public void Judge_QuotaOfSpotInstances_IsComparedWithTheMaximum(double value, string code, string warning)
    {
        InstanceQuota standard = InstanceQuota.Of("m6i.large", spot: true)!;
        Assert.Equal("L-34B43A08", standard.Code);
        DeployedStack stack = Good with { Quotas = new QuotaValues(new Dictionary<InstanceQuota, double> { [standard] = value }, null) };
        Assert.Equal(code, string.Join(',', Codes(stack)));
        Assert.Contains(warning, string.Join(',', Warnings(stack)));
        if (warning.Length == 0) Assert.Empty(Warnings(stack));
        string cure = code.Length > 0 ? Assert.Single(StackVerification.Judge(s_outputs, stack), t => !t.IsGood).Problem!.Cure : string
            .Join(',', Warnings(stack));
        if (value < 32) Assert.Contains("--quota-code L-34B43A08 --desired-value 32", cure);
    }

    // What Batch chooses, and a type whose quota is not known, may start although the listed quota is 0.
    [Theory]
    [InlineData("optimal")]
    [InlineData("default_x86_64")]
    [InlineData("u7i-12tb.224xlarge")]
    public void Judge_QuotaOfSomeTypesIsNotKnown_IsAWarning(string other)
    {
        DeployedStack stack = Good with
        {
            Environments = [Environment("m6i", other)],
            Types = [.. Good.Types, new InstanceTypeInfo("u7i-12tb.224xlarge", 896, 12_582_912, 0)],
            Quotas = new QuotaValues(new Dictionary<InstanceQuota, double> { [InstanceQuota.Of("m6i.large", true)!] = 0 }, null),
        };
        Assert.Empty(Codes(stack));
        Assert.Contains("cpu-env may start 32 vCPUs, and the account 0", Assert.Single(Warnings(stack)), StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_OneEnvironmentOfTwoIsStuck_NamesItsOwnSmallestType()
    {
        ComputeEnvironmentDetail large = Environment("m6i.32xlarge") with { ComputeEnvironmentName = "large-env" };
        DeployedStack stack = Good with
        {
            Environments = [Environment("m6i.large"), large],
            Types = [.. Good.Types, new InstanceTypeInfo("m6i.32xlarge", 128, 524_288, 0)],
            Quotas = new QuotaValues(new Dictionary<InstanceQuota, double> { [InstanceQuota.Of("m6i.large", true)!] = 32 }, null),
        };
        string what = Assert.Single(StackVerification.Judge(s_outputs, stack), t => t.Problem?.Code == "RF6027").Problem!.What;
        Assert.EndsWith("the smallest type of large-env has 128", what, StringComparison.Ordinal);
    }

    [Fact]
    public void Judge_OneOfTwoQuotasIsEnough_IsNoProblem()
    {
        DeployedStack stack = Good with
        {
            Environments = [Environment("m6i", "g5")],
            Types = [.. Good.Types, new InstanceTypeInfo("g5.xlarge", 4, 16384, 1)],
            Quotas = new QuotaValues(new Dictionary<InstanceQuota,
                double>
            { [InstanceQuota.Of("m6i.large", true)!] = 64, [InstanceQuota.Of("g5.xlarge", true)!] = 0 }, null),
        };
        Assert.Empty(Codes(stack));
        Assert.Contains("(L-3819A6DF)", Assert.Single(StackVerification.Judge(s_outputs, stack), t => t.Warning is not null).Subject);
    }

    [Fact]
    public void Judge_QuotasCannotBeRead_SaysSo() => Assert.Equal(
        ["not checked: GetServiceQuota answered AccessDeniedException"],
        Warnings(Good with { Quotas = QuotaValues.None with { NotRead = "GetServiceQuota answered AccessDeniedException" } }));

    [Fact]
    public void Judge_OnDemandFallback_NamesTheSumOfBothMaxima()
    {
        ComputeEnvironmentDetail fallback = Environment("m6i") with
        {
            ComputeEnvironmentName = "cpu-od",
            ComputeResources = new ComputeResource { Type = "EC2", MaxvCpus = 32, Subnets = [] }
        };
        DeployedStack stack = Good with
        {
            Queues = [Good.Queues[0] with { ComputeEnvironmentOrder = [.. Good.Queues[0].ComputeEnvironmentOrder,
                new() { Order = 2, ComputeEnvironment = "cpu-od" }] }],
            Environments = [.. Good.Environments, fallback],
        };
        Assert.Equal(["64 vCPUs together: 32 Spot in cpu-env, 32 on-demand in cpu-od"], Warnings(stack));
    }

    [Fact]
    public void Judge_NewerMachineImage_IsAWarning()
    {
        ComputeResource resources = Good.Environments[0].ComputeResources! with
        {
            Ec2Configuration = [new Ec2Configuration { ImageType = "ECS_AL2023", BatchImageStatus = "UPDATE_AVAILABLE" }],
        };
        ComputeEnvironmentDetail environment = Good.Environments[0] with { ComputeResources = resources };
        Assert.Contains("UPDATE_AVAILABLE", Assert.Single(Warnings(Good with { Environments = [environment] })));
        Assert.Contains("UPDATE_AVAILABLE", Health.Of(environment).Reason);
    }

    [Fact]
    public void Judge_BatchChoosesTheTypes_AsksForNoFit() =>
        Assert.Empty(Codes(Good with { Environments = [Environment("optimal")], Types = [], Definitions = [Definition("9999999")] }));

    [Fact]
    public void Judge_ImageElsewhere_IsNotLookedAt() =>
        Assert.Contains("not checked", Assert
            .Single(StackVerification.Judge(s_outputs with { JobImage = "busybox:1.36" }, Good with { HasImage = null }), t => t.Subject
            .StartsWith("image", StringComparison.Ordinal)).Subject);

    [Theory]
    [InlineData("123456789012.dkr.ecr.us-east-1.amazonaws.com/team/jobs:1.0.0", "us-east-1", "team/jobs", "1.0.0", null)]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/jobs@sha256:abc", "cn-north-1", "jobs", null, "sha256:abc")]
    [InlineData("123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com/jobs:1", "us-gov-west-1", "jobs", "1", null)]
    [InlineData("123456789012.dkr-ecr.eu-west-1.on.aws/jobs:1", "eu-west-1", "jobs", "1", null)]
    [InlineData("123456789012.dkr-ecr-fips.us-west-2.on.aws/jobs:1", "us-west-2", "jobs", "1", null)]
    public void Parse_EcrImage_HasItsParts(string reference, string region, string repository, string? tag, string? digest)
    {
        EcrImage image = EcrImage.Parse(reference)!;
        Assert.Equal(("123456789012", region, repository, tag, digest),
            (image.Account, image.Region, image.Repository, image.Id.ImageTag, image.Id.ImageDigest));
    }

    [Theory]
    [InlineData("busybox:1.36")]
    [InlineData("public.ecr.aws/docker/library/busybox:1")]
    [InlineData("")]
    public void Parse_ImageOfAnotherRegistry_IsNull(string reference) => Assert.Null(EcrImage.Parse(reference));

    private static string[] Warnings(DeployedStack stack) =>
        [.. StackVerification.Judge(s_outputs, stack).Select(t => t.Warning).OfType<string>()];

    private static string[] Codes(DeployedStack stack) =>
        [.. StackVerification.Judge(s_outputs, stack).Select(t => t.Problem?.Code).OfType<string>()];

    private static ComputeEnvironmentDetail Environment(params string[] types) => new()
    {
        ComputeEnvironmentName = "cpu-env",
        State = "ENABLED",
        Status = "VALID",
        ComputeResources = new ComputeResource { Type = "SPOT", MaxvCpus = 32, Subnets = [], InstanceTypes = types },
    };

    private static JobDefinition Definition(string memory) => new()
    {
        JobDefinitionName = "cpu-def",
        Type = "container",
        ContainerProperties = new ContainerProperties
        {
            ResourceRequirements = [new() { Type = "VCPU", Value = "4" }, new() { Type = "MEMORY", Value = memory }],
        },
    };
}
