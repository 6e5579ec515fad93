using Microsoft.Extensions.Time.Testing;
using Refrag.Claims;
using Refrag.Policies;
using Refrag.Scaling;

namespace Refrag.Tests.Scaling;

public sealed class EnvironmentScalerTests : IDisposable
{
    private const string Name = "refrag-cpu-compute-env";

    private static readonly EnvironmentPolicy s_policy = new()
    {
        Name = "cpu",
        Environment = "cpu",
        Minimum = new MinimumPolicy { Least = 4, Most = 16 },
        Maximum = new MaximumPolicy { Least = 16, Most = 64, Budget = "month" },
        ScaleDownDelayMinutes = 30,
    };

    private static readonly PaceReading s_plenty = new(new BudgetPace(10_000, TimeSpan.FromHours(100), 0.05m), []);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 11, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeEnvironments _batch = new FakeEnvironments().With(Name, "refrag-cpu-job-queue");

    public void Dispose() => _folder.Dispose();

    // Batch refuses a change of an environment that is UPDATING, which it is from the first change on.
    [Fact]
    public async Task ActAsync_SeveralChanges_AreOneRequestAndWhatIsLeftComesLater()
    {
        EnvironmentScaler scaler = new(_batch, Book("host"), _time);

        IReadOnlyList<ScalingOutcome> first = await RoundAsync(scaler);
        IReadOnlyList<ScalingOutcome> busy = await RoundAsync(scaler);
        _batch.Settle(Name);
        IReadOnlyList<ScalingOutcome> last = await RoundAsync(scaler);

        Assert.Equal([("minimum", true), ("maximum", true), ("scale-down-delay", false)],
            first.Select(one => (one.Action.Step, one.Result is ScalingResult.Changed)));
        Assert.IsType<ScalingResult.Later>(first[^1].Result);
        Assert.IsType<ScalingResult.Later>(Assert.Single(busy).Result);
        Assert.IsType<ScalingResult.Changed>(Assert.Single(last).Result);
        Assert.Equal([(4, 64, null), (null, null, 30)], _batch.Updates.Select(one => one.ComputeResources!).Select(
            one => (one.MinvCpus, one.MaxvCpus, one.ScalingPolicy?.MinScaleDownDelayMinutes)));
        // What came later was not claimed before.
        string[] claims = [.. Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];
        Assert.Equal(["maximum", "minimum", "scale-down-delay"],
            claims.Select(one => one.Split($"{Name}-")[1].Split("-1.")[0]));
    }

    [Fact]
    public async Task ActAsync_DelayThatIsRefused_IsAskedForOnceInACoolDown()
    {
        EnvironmentScaler scaler = new(_batch, Book("host"), _time);
        EnvironmentPolicy policy = s_policy with { Minimum = null, Maximum = null };
        _batch.Refusal = FakeEnvironments.BeingModified;

        for (int minute = 0; minute < 10; minute++)
        {
            await RoundAsync(scaler, policy);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        // At the first and the sixth minute.
        Assert.Equal(2, _batch.Updates.Count);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public async Task ActAsync_ChangeThatAnotherHostHasClaimed_LeavesTheRestToo()
    {
        EnvironmentScaler one = new(_batch, Book("one"), _time);
        EnvironmentScaler two = new(_batch, Book("two"), _time);
        ScalingTarget target = await TargetAsync(s_policy);
        ScalingDecision ofOne = await one.DecideAsync(target, s_plenty, Stop);
        ScalingDecision ofTwo = await two.DecideAsync(target, s_plenty, Stop);

        await one.ActAsync(ofOne, Stop);
        IReadOnlyList<ScalingOutcome> outcomes = await two.ActAsync(ofTwo, Stop);

        Assert.Equal("one", Assert.IsType<ScalingResult.Held>(outcomes[0].Result).Claim.Owner);
        Assert.All(outcomes.Skip(1), outcome => Assert.IsType<ScalingResult.Later>(outcome.Result));
        Assert.Single(_batch.Updates);
    }

    [Fact]
    public async Task DecideAsync_EnvironmentWithoutAPrice_NamesItsTypes()
    {
        EnvironmentScaler scaler = new(_batch, Book("host"), _time);
        ScalingTarget target = await TargetAsync(s_policy with { Minimum = null, ScaleDownDelayMinutes = null });

        ScalingDecision decision = await scaler.DecideAsync(target, new PaceReading(null, ["c9.large", "c9.xlarge"]), Stop);

        Assert.Equal("none of its instance types has a known price (c9.large, c9.xlarge)",
            Assert.IsType<Warn>(Assert.Single(decision.Actions)).Reason);
    }

    [Theory]
    [InlineData("s3://bucket/prefix", "s3://bucket/prefix/scale", "Set env.claims=s3://bucket/prefix; or,")]
    [InlineData("file:///srv/claims/", "file:///srv/claims/scale", "Set env.claims=file:///srv/claims; or,")]
    public async Task RefusalOf_OtherPlace_NamesTheSettingThatLeadsThere(string setting, string place, string cure)
    {
        ScalingTarget target = await TargetAsync(s_policy);
        target = target with
        {
            Environment = target.Environment with
            {
                Tags = new Dictionary<string, string> { [EnvironmentScaler.PlaceTag] = ScalingClaims.UrlIn(setting) },
            },
        };

        Problem refusal = new EnvironmentScaler(_batch, Book("host"), _time).RefusalOf(target)!;

        Assert.Equal("RF8166", refusal.Code);
        Assert.EndsWith($"its changes are claimed in {place}", refusal.What, StringComparison.Ordinal);
        Assert.StartsWith(cure, refusal.Cure, StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private async Task<IReadOnlyList<ScalingOutcome>> RoundAsync(EnvironmentScaler scaler, EnvironmentPolicy? policy = null) =>
        await scaler.ActAsync(await scaler.DecideAsync(await TargetAsync(policy ?? s_policy), s_plenty, Stop), Stop);

    private async Task<ScalingTarget> TargetAsync(EnvironmentPolicy policy) =>
        Assert.Single((await ScalingTarget.FindAsync(_batch, [policy], Stop)).Targets);

    private ClaimBook Book(string owner) => new(
        ClaimStores.Named(new Uri(_folder.Path).AbsoluteUri, null, null!).Value, _time, owner, ClaimBook.UsualLease);
}
