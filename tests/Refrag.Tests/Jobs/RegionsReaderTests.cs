using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Submission;
using Refrag.Targeting;

namespace Refrag.Tests.Jobs;

public sealed class RegionsReaderTests
{
    private static readonly JobSpec s_spec = Specs.Command() with
    {
        Regions = new RegionsChoice(["us-east-1", "us-west-2"], TimeSpan.FromMinutes(30)),
    };

    [Fact]
    public void Contradictions_WhatCanBeHad_AreNone() => Assert.All(
        (JobSpec[])
        [
            s_spec, Specs.Command(), s_spec with { ArraySize = 3 }, s_spec with { Nodes = 2 }, In("us-west-2"), Waits(null),
            Waits(TimeSpan.FromMinutes(1)),
        ],
        spec => Assert.Empty(RegionsReader.Contradictions(spec)));

    [Fact]
    public void Contradictions_WhatCannotBeHad_SayWhy()
    {
        const string list = "env.regions=[us-east-1,us-west-2]";
        Volume efs = new() { Name = "data", EfsVolumeConfiguration = new EFSVolumeConfiguration { FileSystemId = "fs-1" } };
        (JobSpec Spec, string What)[] cases =
        [
            (Of("us-east-1", "us-east-1"), "env.regions=[us-east-1,us-east-1] names a region twice"),
            (Of("us-east-1", "virginia"), "env.regions=[us-east-1,virginia]: virginia is not the name of a region"),
            (In("eu-west-1"), $"env.region=eu-west-1 is not among {list}"),
            (Waits(TimeSpan.FromSeconds(30)),
                "env.region_patience=30s is shorter than a minute: Batch starts instances in minutes"),
            (s_spec with { DependsOn = ["job"] },
                $"{list} cannot be had with env.depends_on: Batch knows only the jobs of its own region"),
            (s_spec with { Changes = new DefinitionChanges(Container: new ContainerChanges { Volumes = [efs] }) },
                $"{list} cannot be had with env.volumes: a file system of EFS is in one region"),
        ];
        foreach ((JobSpec spec, string what) in cases)
        {
            Problem problem = Assert.Single(RegionsReader.Contradictions(spec));
            Assert.Equal(("RF8180", what), (problem.Code, problem.What));
        }
    }

    [Fact]
    public void Plan_InARegionOfSeveral_CarriesInItsTagsWhereItMayGo()
    {
        JobSpec chosen = In("us-east-1") with
        {
            Regions = s_spec.Regions! with { Next = ["us-west-2"] },
            Capacity = new CapacityChoice { Claims = "file:///claims" },
            Changes = new DefinitionChanges(Image: "python:3.12"),
            Tags = new Dictionary<string, string> { ["refrag:region"] = "mine" },
        };
        LaunchPlan plan = LaunchPlanner.Plan(chosen, TargetChooser.Choose(chosen), new Submitter("ann", new SubmissionId("id"))).Value;
        IReadOnlyDictionary<string, string> tags = plan.Submit.Tags!;

        Assert.Equal(("us-east-1", "us-west-2", "1800", "file:///claims"),
            (tags["refrag:region"], tags["refrag:regions"], tags["refrag:region-patience"], tags["refrag:claims"]));
        // The name of what is derived is the same in each region, its revision is not.
        Assert.Equal(plan.Derivation!.Name, tags["refrag:definition"]);
        // Nothing is said of a job that stays.
        Assert.DoesNotContain(
            LaunchPlanner.Plan(Specs.Command(), TargetChooser.Choose(Specs.Command()), new Submitter("ann", new SubmissionId("id")))
                .Value.Submit.Tags!.Keys,
            key => key.StartsWith("refrag:region", StringComparison.Ordinal));
    }

    private static JobSpec Of(params string[] regions) => s_spec with { Regions = new RegionsChoice(regions, null) };

    private static JobSpec In(string region) => s_spec with { Connection = new ConnectionSpec(region) };

    private static JobSpec Waits(TimeSpan? patience) => s_spec with { Regions = s_spec.Regions! with { Patience = patience } };
}
