using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Targeting;

namespace Refrag.Tests.Launching;

public sealed class DerivationCheckTests
{
    private static readonly ContainerProperties s_plain = new() { Image = "i" };

    // UG specifying-sensitive-data: the execution role reads secrets. API executionRoleArn: required on Fargate.
    [Theory]
    [InlineData(false, null, "RF8057")]
    [InlineData(true, null, "RF8057")]
    [InlineData(false, "role", null)]
    [InlineData(true, "role", null)]
    public void Check_WithoutTheRoleThatIsNeeded_NamesTheKey(bool isFargate, string? role, string? code)
    {
        ContainerChanges changes = isFargate
            ? new() { Platform = PlatformCapability.Fargate }
            : new() { Secrets = [new Secret { Name = "TOKEN", ValueFrom = "/app/token" }] };

        IReadOnlyList<Problem> problems = Check(new DefinitionChanges(ExecutionRoleArn: role, Container: changes), s_plain);

        Assert.Equal(code, problems.SingleOrDefault()?.Code);
        if (code is not null) Assert.Contains("env.execution_role_arn=ARN", problems[0].Cure, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_RoleOfTheDefinition_IsEnough() => Assert.Empty(Check(
        new DefinitionChanges(Container: new() { Secrets = [new Secret { Name = "TOKEN", ValueFrom = "/app/token" }] }),
        s_plain with { ExecutionRoleArn = "role" }));

    // API EFSAuthorizationConfig.iam: a job role must be given.
    [Fact]
    public void Check_EfsWithIamAndNoJobRole_IsRefused()
    {
        ContainerChanges changes = new()
        {
            Volumes =
            [
                new Volume
                {
                    Name = "data",
                    EfsVolumeConfiguration = new EFSVolumeConfiguration
                    {
                        FileSystemId = "fs-1",
                        AuthorizationConfig = new EFSAuthorizationConfig { Iam = EFSAuthorizationConfigIAM.Enabled },
                    },
                },
            ],
        };

        Assert.Contains("env.job_role_arn=ARN", Assert.Single(Check(new(Container: changes), s_plain)).Cure, StringComparison.Ordinal);
        Assert.Empty(Check(new(JobRoleArn: "role", Container: changes), s_plain));
    }

    // ECS API S3FilesVolumeConfiguration: the task must have a role.
    [Fact]
    public void Check_S3FilesAndNoJobRole_IsRefused()
    {
        ContainerChanges changes = new()
        {
            Volumes =
            [
                new Volume { Name = "data", S3filesVolumeConfiguration = new S3FilesVolumeConfiguration { FileSystemArn = "arn:fs" } },
            ],
        };

        Problem problem = Assert.Single(Check(new(Container: changes), s_plain));
        Assert.Equal(("RF8057", "Name one: env.job_role_arn=ARN."), (problem.Code, problem.Cure));
        Assert.Empty(Check(new(JobRoleArn: "role", Container: changes), s_plain));
    }

    [Fact]
    public void Check_DefinitionThatFargateDoesNotTake_SaysWhatOfIt()
    {
        ContainerProperties container = s_plain with { ExecutionRoleArn = "role", Privileged = true };

        Problem problem = Assert.Single(
            Check(new DefinitionChanges(Container: new() { Platform = PlatformCapability.Fargate }), container));

        Assert.Equal("RF8058", problem.Code);
        Assert.Contains("does not take privileged", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_SharedMemoryForADefinitionOfFargate_IsRefused()
    {
        Problem problem = Assert.Single(Check(
            new DefinitionChanges(Container: new() { SharedMemory = new MebiBytes(8) }), s_plain with { ExecutionRoleArn = "role" },
            PlatformCapability.Fargate));

        Assert.Equal("RF8058", problem.Code);
        Assert.Contains("linuxParameters.sharedMemorySize", problem.What, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_EphemeralStorageOnEc2_IsRefused() => Assert.Equal(
        "RF8058", Assert.Single(Check(new DefinitionChanges(Container: new() { EphemeralStorageGiB = 50 }), s_plain)).Code);

    // UG job_queues: no mix of EC2 and Fargate.
    [Theory]
    [InlineData("FARGATE", JobQueueType.Ecs, "for Fargate, and job queue q is for EC2")]
    [InlineData("EC2", JobQueueType.EcsFargate, "for EC2, and job queue q is for Fargate")]
    [InlineData("FARGATE", JobQueueType.EcsFargate, null)]
    [InlineData("FARGATE", null, null)]
    [InlineData("FARGATE", "ECS_OF_TOMORROW", null)]
    public void Check_QueueOfTheOtherPlatform_IsRefused(string platform, string? type, string? what)
    {
        DefinitionChanges changes = new(ExecutionRoleArn: "role", Container: new() { Platform = platform });

        Problem? problem = Check(changes, s_plain, queue: type).SingleOrDefault();

        Assert.Equal(what is null ? null : "RF8059", problem?.Code);
        Assert.Contains(what ?? "", problem?.What ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Check_NothingOfTheContainerChanged_AsksNothing() =>
        Assert.Empty(Check(new DefinitionChanges(Image: "other"), s_plain, queue: JobQueueType.EcsFargate));

    private static IReadOnlyList<Problem> Check(
        DefinitionChanges changes, ContainerProperties container, string? capability = null, string? queue = null)
    {
        JobSpec spec = Specs.Command() with { Changes = changes };
        LaunchPlan plan = LaunchPlanner.Plan(spec, new("q", "d", ""), new Submitter("ada", new("id"))).Value;
        return DerivationCheck.Check(spec, plan, new CheckedTarget(
            new JobQueueDetail { JobQueueName = "q", JobQueueType = queue },
            new JobDefinition
            {
                JobDefinitionName = "d",
                Type = JobDefinitionType.Container,
                ContainerProperties = container,
                PlatformCapabilities = capability is null ? null : [capability],
            }));
    }
}
