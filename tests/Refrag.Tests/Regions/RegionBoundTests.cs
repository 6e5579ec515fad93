using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Regions;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Tests.Regions;

public sealed class RegionBoundTests
{
    private const string Image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/jobs:1";

    [Theory]
    [InlineData("us-east-1", null)]
    [InlineData("us-west-2", $"its image is in us-east-1 ({Image})")]
    public void Elsewhere_ImageOfARegistry_MustBeOfTheRegion(string region, string? expected)
    {
        Assert.Equal(expected, RegionBound.Elsewhere(Plan(Specs.Command()), Definition(Image), region));
        // What the launch changes is what runs.
        JobSpec derived = Specs.Command() with { Changes = new DefinitionChanges(Image: Image) };
        Assert.Equal(expected, RegionBound.Elsewhere(Plan(derived), Definition("python:3.12"), region));
        Assert.Null(RegionBound.Elsewhere(Plan(Specs.Command()), Definition("python:3.12"), region));
    }

    [Fact]
    public void Elsewhere_SecretOfARegion_MustBeOfTheRegion()
    {
        // (UG specifying-sensitive-data-secrets: an ARN with its region; a parameter of the same region may be named alone)
        Secret secret = new() { Name = "TOKEN", ValueFrom = "arn:aws:secretsmanager:us-east-1:123456789012:secret:token" };
        JobDefinition definition = Definition("python:3.12", secret, new Secret { Name = "OTHER", ValueFrom = "parameter" });
        Assert.Null(RegionBound.Elsewhere(Plan(Specs.Command()), definition, "us-east-1"));
        Assert.Equal("its secret TOKEN is in us-east-1", RegionBound.Elsewhere(Plan(Specs.Command()), definition, "us-west-2"));
    }

    private static LaunchPlan Plan(JobSpec spec) =>
        LaunchPlanner.Plan(spec, TargetChooser.Choose(spec), new Submitter("ann", new SubmissionId("id"))).Value;

    private static JobDefinition Definition(string image, params Secret[] secrets) => new()
    {
        JobDefinitionName = "cpu-d",
        JobDefinitionArn = "arn",
        Revision = 1,
        Type = JobDefinitionType.Container,
        ContainerProperties = new ContainerProperties { Image = image, Secrets = secrets },
    };
}
