using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Refrag.Aws.Tests.Http;

public sealed class RequestRateTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void TakeAsync_FullBucket_LetsABurstThrough()
    {
        var rate = new RequestRate(50, _time);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.True(rate.TakeAsync(Stop).AsTask().IsCompletedSuccessfully));
        Assert.False(rate.TakeAsync(Stop).AsTask().IsCompleted);
    }

    [Fact]
    public async Task TakeAsync_EmptyBucket_WaitsForTheNextToken()
    {
        var rate = new RequestRate(50, _time);
        for (int i = 0; i < 50; i++) await rate.TakeAsync(Stop);
        Task first = rate.TakeAsync(Stop).AsTask();
        Task second = rate.TakeAsync(Stop).AsTask();
        _time.Advance(TimeSpan.FromMilliseconds(20));
        await first;
        Assert.False(second.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(20));
        await second;
    }

    [Fact]
    public void Throttled_Burst_HalvesOnceASecondAndNotBelowTheLeast()
    {
        var rate = new RequestRate(50, _time);
        for (int i = 0; i < 5; i++) rate.Throttled();
        Assert.Equal(25, rate.PerSecond);
        for (int i = 0; i < 20; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            rate.Throttled();
        }
        Assert.Equal(0.5, rate.PerSecond);
    }

    [Fact]
    public void Succeeded_AfterThrottling_RecoversSlowlyToTheFullRate()
    {
        var rate = new RequestRate(50, _time);
        rate.Throttled();
        rate.Succeeded();
        Assert.Equal(25, rate.PerSecond);
        for (int second = 1; second <= 10; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            for (int i = 0; i < 25; i++) rate.Succeeded();
            Assert.Equal(25 + (2.5 * second), rate.PerSecond, 6);
        }
    }

    // Whatever is asked when: in any stretch of time no more requests pass than the bucket and the rate allow.
    [Fact]
    public void TakeAsync_AnyPattern_NeverExceedsBucketPlusRate() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 40].Array[1, 200]).Sample((perSecond, gaps) =>
    {
        var time = new FakeTimeProvider();
        var rate = new RequestRate(perSecond, time);
        var pending = new List<Task>();
        TimeSpan passed = TimeSpan.Zero;
        foreach (int gap in gaps)
        {
            pending.Add(rate.TakeAsync(CancellationToken.None).AsTask());
            time.Advance(TimeSpan.FromMilliseconds(gap));
            passed += TimeSpan.FromMilliseconds(gap);
            int through = pending.Count(t => t.IsCompleted);
            Assert.True(through <= perSecond + (passed.TotalSeconds * perSecond) + 1, $"{through} in {passed}");
        }
    });
}
