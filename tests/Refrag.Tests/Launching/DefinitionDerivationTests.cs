using Refrag.Aws.Batch;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Targeting;

namespace Refrag.Tests.Launching;

public sealed class DefinitionDerivationTests
{
    private static readonly JobDefinition s_chosen = new()
    {
        JobDefinitionName = "d",
        Revision = 3,
        Type = "container",
        ContainerProperties = new ContainerProperties
        {
            Image = "old",
            JobRoleArn = "role",
            ResourceRequirements = [new ResourceRequirement { Type = "VCPU", Value = "4" }],
            LogConfiguration = new LogConfiguration
            {
                LogDriver = "awslogs",
                Options = new Dictionary<string, string> { ["awslogs-region"] = "eu-west-1" },
            },
        },
        Timeout = new JobTimeout { AttemptDurationSeconds = 60 },
        Tags = new Dictionary<string, string> { ["team"] = "vision", ["aws:made-by"] = "x", ["refrag:content-hash"] = "y" },
    };

    [Fact]
    public void For_NothingToChange_IsNull() => Assert.Null(DefinitionDerivation.For(Specs.Command(), Target("d")));

    [Theory]
    [InlineData("old", "role", null, true)]
    [InlineData("new", null, null, false)]
    [InlineData("old", "another", null, false)]
    [InlineData("old", null, "/mine", false)]
    public void IsAlready_WhatTheChosenOneSays_NeedsNoOther(string image, string? role, string? group, bool already) =>
        Assert.Equal(already, For(new DefinitionChanges(Image: image, JobRoleArn: role, LogGroup: group)).IsAlready(s_chosen));

    [Fact]
    public void Derive_Shell_SwitchesEcsExecOnUnderAnotherName()
    {
        DefinitionDerivation derivation = For(new DefinitionChanges(Image: "old", AllowsShell: true));

        Assert.False(derivation.IsAlready(s_chosen));
        RegisterJobDefinitionRequest request = derivation.Derive(s_chosen);
        Assert.True(request.ContainerProperties!.EnableExecuteCommand);
        Assert.Equal(s_chosen.ContainerProperties, request.ContainerProperties with { EnableExecuteCommand = null });
        JobDefinition open = s_chosen with { ContainerProperties = request.ContainerProperties };
        Assert.True(derivation.IsAlready(open));
        Assert.True(For(new DefinitionChanges(Image: "new")).Derive(open).ContainerProperties!.EnableExecuteCommand);
        Assert.NotEqual(derivation.Name, For(new DefinitionChanges(Image: "old")).Name);
    }

    [Fact]
    public void Derive_ImageAndLogGroup_ChangesThoseAlone()
    {
        RegisterJobDefinitionRequest request = For(new DefinitionChanges(Image: "new", LogGroup: "/mine")).Derive(s_chosen);

        ContainerProperties container = request.ContainerProperties!;
        Assert.Equal(("new", "role"), (container.Image, container.JobRoleArn));
        Assert.Equal(("/mine", "eu-west-1"),
            (container.LogConfiguration!.Options!["awslogs-group"], container.LogConfiguration.Options["awslogs-region"]));
        Assert.Equal(s_chosen.ContainerProperties!.ResourceRequirements, container.ResourceRequirements);
        Assert.Equal(60, request.Timeout!.AttemptDurationSeconds);
        Assert.Equal(["project=refrag", "refrag:derived-from=d", "team=vision"],
            request.Tags!.Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Derive_SeveralNodes_IsAMultinodeDefinitionOfTheSameContainer()
    {
        RegisterJobDefinitionRequest request = DefinitionDerivation.For(Specs.Command() with { Nodes = 4 }, Target("d"))!.Derive(s_chosen);

        Assert.Equal("multinode", request.Type);
        Assert.Null(request.ContainerProperties);
        Assert.Equal((4, 0), (request.NodeProperties!.NumNodes, request.NodeProperties.MainNode));
        NodeRangeProperty range = Assert.Single(request.NodeProperties.NodeRangeProperties!);
        Assert.Equal(("0:3", "old"), (range.TargetNodes, range.Container!.Image));
    }

    [Fact]
    public void Name_SameChanges_IsTheSame_AndOtherwiseDiffers()
    {
        string name = For(new DefinitionChanges(Image: "a")).Name;

        Assert.Equal(name, For(new DefinitionChanges(Image: "a")).Name);
        Assert.NotEqual(name, For(new DefinitionChanges(Image: "b")).Name);
        Assert.NotEqual(name, For(new DefinitionChanges(Image: "a"), "d:2").Name);
        // An image and a role of the same text are not the same change.
        Assert.NotEqual(name, For(new DefinitionChanges(JobRoleArn: "a")).Name);
    }

    [Fact]
    public void Name_LongBase_StaysWithinBatchsLimit() =>
        Assert.Equal(128, For(new DefinitionChanges(Image: "a"), new string('d', 128)).Name.Length);

    private static Target Target(string definition) => new("q", definition, "");

    private static DefinitionDerivation For(DefinitionChanges changes, string definition = "d") =>
        DefinitionDerivation.For(Specs.Command() with { Changes = changes }, Target(definition))!;
}
