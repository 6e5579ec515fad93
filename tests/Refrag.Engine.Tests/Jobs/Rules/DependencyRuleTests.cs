using Refrag.Aws.Batch;
using Refrag.Engine.Jobs;
using Refrag.Engine.Jobs.Rules;

namespace Refrag.Engine.Tests.Jobs.Rules;

public sealed class DependencyRuleTests
{
    [Fact]
    public void WaitsFor_Plain_IsTheWholeJobForEveryChild()
    {
        Assert.Equal(["a"], DependencyRule.WaitsFor([new JobDependency { JobId = "a" }], null, 0));
        Assert.Equal(["a"], DependencyRule.WaitsFor([new JobDependency { JobId = "a" }], "me", 5));
    }

    [Fact]
    public void WaitsFor_NToN_IsTheChildOfTheSameIndex() =>
        Assert.Equal(["a:5"], DependencyRule.WaitsFor([new JobDependency { JobId = "a", Type = "N_TO_N" }], "me", 5));

    [Fact]
    public void WaitsFor_Sequential_IsTheChildBefore()
    {
        JobDependency[] dependencies = [new() { Type = "SEQUENTIAL" }];
        Assert.Empty(DependencyRule.WaitsFor(dependencies, "me", 0));
        Assert.Equal(["me:4"], DependencyRule.WaitsFor(dependencies, "me", 5));
    }

    [Fact]
    public void WaitsFor_Several_AreAllThere() => Assert.Equal(["a", "b:1", "me:0"], DependencyRule.WaitsFor(
        [new JobDependency { JobId = "a" }, new JobDependency { JobId = "b", Type = "N_TO_N" }, new JobDependency { Type = "SEQUENTIAL" }],
        "me", 1));

    [Fact]
    public void Check_Nothing_Goes() => Assert.Equal(DependencyAnswer.Go, DependencyRule.Check([]));

    [Fact]
    public void Check_AllSucceeded_Goes() =>
        Assert.Equal(DependencyAnswer.Go, DependencyRule.Check([JobState.Succeeded, JobState.Succeeded]));

    [Theory]
    [InlineData("Submitted")]
    [InlineData("Pending")]
    [InlineData("Runnable")]
    [InlineData("Starting")]
    [InlineData("Running")]
    public void Check_OneAlive_Waits(string alive) =>
        Assert.Equal(DependencyAnswer.Wait, DependencyRule.Check([JobState.Succeeded, Enum.Parse<JobState>(alive)]));

    [Fact]
    public void Check_OneFailed_FailsWithoutWaitingForTheRest() =>
        Assert.Equal(DependencyAnswer.Fail, DependencyRule.Check([JobState.Running, JobState.Failed]));
}
