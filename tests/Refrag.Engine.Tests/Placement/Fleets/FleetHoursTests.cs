using Microsoft.Extensions.Time.Testing;
using Refrag.Engine.Jobs;
using Refrag.Engine.Placement.Fleets;
using Refrag.Scheduling.Clusters;

namespace Refrag.Engine.Tests.Placement.Fleets;

public sealed class FleetHoursTests
{
    [Fact]
    public void Describe_AfterTheClockWasSetBack_CountsNoNegativeHours()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddDays(20_000));
        var hours = new FleetHours(time);
        hours.Start(Instance(1));
        time.Advance(TimeSpan.FromHours(3));
        hours.End(new InstanceKey(1));
        hours.Start(Instance(2));
        hours.Start(Instance(3));

        time.AdjustTime(time.GetUtcNow().AddHours(-2));
        Assert.Equal((3, 3.0), Taken(hours));
        hours.End(new InstanceKey(2));
        Assert.Equal((3, 3.0), Taken(hours));
    }

    private static FleetInstance Instance(long number) => new(number, $"i-{number}", "fleet", "m5.large", "a", IsSpot: false);

    private static (int Instances, double Hours) Taken(FleetHours hours)
    {
        FleetUsage usage = Assert.Single(hours.Describe());
        return (usage.Instances, usage.Hours);
    }
}
