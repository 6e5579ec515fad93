using Refrag.Jobs;
using Refrag.Reactions;

namespace Refrag.Tests.Reactions;

public sealed class FollowedQueuesTests
{
    private static readonly JobSpec s_spec = Specs.Command() with
    {
        Capacity = new CapacityChoice { Spot = SpotUse.Never, OnDemand = new("cpu-on-demand", "") },
    };

    [Fact]
    public void Of_OneRegion_LeavesOutTheQueueThatNothingLeaves() =>
        Assert.Equal(["cpu-q", "gpu-q"], FollowedQueues.Of(s_spec));

    // With env.spot=never a job waits there, and moves to another region from there.
    [Fact]
    public void Of_SeveralRegions_HasTheOnDemandQueue() =>
        Assert.Equal(["cpu-q", "gpu-q", "cpu-on-demand"], FollowedQueues.Of(s_spec with
        {
            Regions = new RegionsChoice(["us-east-1", "us-west-2"], TimeSpan.FromMinutes(30)),
        }));
}
