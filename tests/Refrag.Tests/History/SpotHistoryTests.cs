using Refrag.History;

namespace Refrag.Tests.History;

/// <summary>Prices that a watch of months has asked for.</summary>
public sealed class SpotHistoryTests
{
    [Fact]
    public async Task Read_HoursOfMonths_KeepsTheNewestAndAllThatIsAskedForNow()
    {
        FakeHosts hosts = new() { Spot = { ["us-east-1a"] = 0.1m } };
        SpotHistory prices = new(hosts, new MeasuringFaults(TimeProvider.System, static _ => { }));
        DateTimeOffset first = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        string[] types = [.. Enumerable.Range(0, 1000).Select(number => $"type-{number}")];

        for (int hour = 0; hour < 2 * SpotHistory.Most / types.Length; hour++)
        {
            DateTimeOffset at = first.AddHours(hour);
            await prices.ReadAsync(types.Select(type => (type, "us-east-1a", at)), TestContext.Current.CancellationToken);
            Assert.All(types, type => Assert.Equal(0.1m, prices.Find(type, "us-east-1a", at)));
        }

        Assert.InRange(prices.Count, 1, SpotHistory.Most + types.Length);
        Assert.Null(prices.Find(types[0], "us-east-1a", first));
    }
}
