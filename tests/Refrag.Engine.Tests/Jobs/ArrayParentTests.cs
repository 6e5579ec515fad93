using Refrag.Engine.Jobs;

namespace Refrag.Engine.Tests.Jobs;

public sealed class ArrayParentTests
{
    [Theory]
    [InlineData("Succeeded,Succeeded", "Succeeded")]
    [InlineData("Succeeded,Failed", "Failed")]
    [InlineData("Failed,Failed", "Failed")]
    [InlineData("Failed,Running", "Pending")]
    [InlineData("Succeeded,Pending", "Pending")]
    [InlineData("Starting,Runnable", "Pending")]
    public void State_Children_DecideWhenAllHaveEnded(string children, string expected) =>
        Assert.Equal(Enum.Parse<JobState>(expected),
            ArrayParent.State(children.Split(',').Select(Enum.Parse<JobState>).CountBy(state => state).ToDictionary()));

    [Fact]
    public void State_CountsThatCameBackToZero_AreNoChildren() =>
        Assert.Equal(JobState.Succeeded,
            ArrayParent.State(new Dictionary<JobState, int> { [JobState.Running] = 0, [JobState.Failed] = 0, [JobState.Succeeded] = 2 }));
}
