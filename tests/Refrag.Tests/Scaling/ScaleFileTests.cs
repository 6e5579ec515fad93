using Refrag.Policies;
using Refrag.Scaling;

namespace Refrag.Tests.Scaling;

public sealed class ScaleFileTests : IDisposable
{
    private const string Minimum = "environment: cpu\nminimum: {most: 64}\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Read_EveryKey_HasWhatWasWritten()
    {
        EnvironmentPolicy policy = Read("""
            environment: refrag-cpu-compute-env
            queues: [one, two]
            cool_down: 10m
            hysteresis: 0.3
            scale_down_delay: 30m
            minimum:
              least: 1
              most: 64
              depth: [{from: 100, vcpus: 64}, {from: 10, vcpus: 16}]
              oldest_wait: [{from: 15m, vcpus: 32}]
              hours:
              - {days: [mon-wed, fri], from: "08:00", until: "24:00", vcpus: 8}
              - {from: "22:30", until: "06:00", vcpus: 4}
              time_zone: Europe/Berlin
              lower_after: 20m
              step: 16
            maximum: {least: 64, most: 256, budget: month, burst: 3}
            """).Value;

        Assert.Equal(("policy", "refrag-cpu-compute-env", 30), (policy.Name, policy.Environment, policy.ScaleDownDelayMinutes));
        Assert.Equal((TimeSpan.FromMinutes(10), 0.3), (policy.CoolDown, policy.Hysteresis));
        Assert.Equal(["one", "two"], policy.Queues);
        MinimumPolicy minimum = policy.Minimum!;
        Assert.Equal((1, 64, 16, TimeSpan.FromMinutes(20)), (minimum.Least, minimum.Most, minimum.Step, minimum.LowerAfter));
        Assert.Equal([new DepthStep(10, 16), new DepthStep(100, 64)], minimum.Depth);
        Assert.Equal([new WaitStep(TimeSpan.FromMinutes(15), 32)], minimum.OldestWait);
        Assert.Equal("Europe/Berlin", minimum.Zone.Id);
        Assert.Equal([DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Friday], minimum.Hours[0].Days);
        Assert.Equal((TimeSpan.FromHours(8), TimeSpan.FromHours(24)), (minimum.Hours[0].From, minimum.Hours[0].Until));
        Assert.Equal(7, minimum.Hours[1].Days.Count);
        Assert.Equal(new MaximumPolicy { Least = 64, Most = 256, Budget = "month", Burst = 3 }, policy.Maximum);
    }

    [Theory]
    [InlineData("minimum: {most: 64}", "the key environment is missing", 1)]
    [InlineData("environment: cpu", "the policy changes nothing", 1)]
    [InlineData("environment: cpu\nminimum: {least: 1}", "the key most is missing", 2)]
    [InlineData("environment: cpu\nminimum: {most: many}", "most is not a whole number", 2)]
    [InlineData("environment: cpu\nminimum: 64", "minimum is not a mapping", 2)]
    [InlineData("environment: cpu\nminimum: {least: 8, most: 4}", "most is below least", 2)]
    [InlineData("environment: cpu\nminimum: {mosst: 4, most: 4}", "there is no key mosst here. Did you mean most?", 2)]
    [InlineData("environment: cpu\nminimum: {most: 4, depth: [{from: 1, vcpus: 8}]}", "a rule wants 8 vCPUs, and most is 4", 2)]
    [InlineData("environment: cpu\nminimum: {most: 4, depth: [{from: 0, vcpus: 4}]}", "from is not a whole number of at least 1", 2)]
    [InlineData("environment: cpu\nminimum: {most: 4, depth: [{form: 2, from: 1, vcpus: 4}]}", "no key form here. Did you mean from?", 2)]
    [InlineData("environment: cpu\nminimum: {most: 4, oldest_wait: [{from: soon, vcpus: 4}]}", "from is not a duration", 2)]
    [InlineData("environment: cpu\nminimum: {most: 4, hours: [{from: '8', until: '09:00', vcpus: 4}]}", "from is not a time of day", 2)]
    [InlineData("environment: cpu\nminimum: {most: 4, hours: [{from: '09:00', until: '09:00', vcpus: 4}]}",
        "the hours end when they begin", 2)]
    [InlineData("environment: cpu\nminimum: {most: 4, hours: [{days: [mon, wen], from: '08:00', until: '09:00', vcpus: 4}]}",
        "there is no day wen. Did you mean wed?", 2)]
    [InlineData("environment: cpu\nminimum: {most: 4, time_zone: Europe/Berlinn}", "this machine knows no time zone Europe/Berlinn", 2)]
    [InlineData(Minimum + "cool_down: 10s", "cool_down is shorter than a minute", 3)]
    [InlineData(Minimum + "hysteresis: 1", "hysteresis is not a number above 0 and at most 0.9", 3)]
    [InlineData(Minimum + "scale_down_delay: 5m", "scale_down_delay is not a number of minutes from 20 to 10080", 3)]
    [InlineData(Minimum + "cooldown: 5m", "there is no key cooldown here. Did you mean cool_down?", 3)]
    [InlineData(Minimum + "maximum: {least: 32, most: 128, budget: b}", "the minimum may become 64, and the maximum 32", 2)]
    [InlineData(Minimum + "maximum: {least: 64, most: 128}", "the key budget is missing", 3)]
    [InlineData(Minimum + "maximum: {least: 64, most: 128, budget: b, burst: 0.5}", "burst is below 1", 3)]
    public void Read_WrongKeyOrValue_IsOneProblemWithItsPlace(string yaml, string what, int line)
    {
        Problem problem = Assert.Single(Read(yaml).Problems);

        Assert.Equal("RF8163", problem.Code);
        Assert.Contains(what, problem.What, StringComparison.Ordinal);
        FilePlace place = Assert.IsType<FilePlace>(problem.Place);
        Assert.Equal(("scale/policy.yaml", line), (place.Path, place.Line));
    }

    [Fact]
    public void ReadFolder_OtherEndings_AreReportedOrLeftAlone()
    {
        File.WriteAllText(_folder.At("a.yaml"), Minimum);
        File.WriteAllText(_folder.At("notes.txt"), "anything");
        Assert.Equal("a", Assert.Single(ScaleFile.ReadFolder(_folder.Path, "conf/scale").Value).Name);

        File.WriteAllText(_folder.At("b.yml"), Minimum);
        Problem problem = Assert.Single(ScaleFile.ReadFolder(_folder.Path, "conf/scale").Problems);
        Assert.Contains("conf/scale/b.yml does not count", problem.What, StringComparison.Ordinal);
    }

    private Result<EnvironmentPolicy> Read(string yaml)
    {
        File.WriteAllText(_folder.At("policy.yaml"), yaml);
        return ScaleFile.Read(_folder.At("policy.yaml"), "scale/policy.yaml");
    }
}
