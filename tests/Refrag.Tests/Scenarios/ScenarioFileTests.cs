using Refrag.Scenarios;
using Refrag.Scheduling.Simulation;

namespace Refrag.Tests.Scenarios;

public sealed class ScenarioFileTests
{
    [Fact]
    public void Read_OfEveryKindOfEvent_HasWhatWasWritten()
    {
        Scenario read = Good(Read("""
            seed: 7
            instance_start: 90s
            refusal: 15
            events:
            - {what: insufficient_capacity, type: g5.*, zone: a, spot: true, from: 10m, until: 40m}
            - {what: spot_reclaim, part: 0.5, from: 20m}
            - {what: spot_reclaim, count: 2, environment: spot}
            - {what: spot_rate, per_hour: 1}
            - {what: slow_start, extra: 5m}
            - {what: role_fault, environment: fleet}
            - {what: image_fault, region: eu-west-1}
            - {what: endpoint_gone, environment: refrag-cpu-compute-env}
            - {what: role_gone, role: refrag-us-east-1-job}
            """));
        Assert.Equal((7UL, TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(15)), (read.Seed, read.StartUp, read.Refusal));
        Assert.Equal(
            [
                new InsufficientCapacity("g5.*", "a", true) { From = TimeSpan.FromMinutes(10), Until = TimeSpan.FromMinutes(40) },
                new SpotReclaim(null, 0.5) { From = TimeSpan.FromMinutes(20) },
                new SpotReclaim(2, 1, "spot"),
                new SpotRate(1),
                new SlowStart(TimeSpan.FromMinutes(5)),
                new RoleFault("fleet"),
                new ImageFault() { Region = "eu-west-1" },
                new EndpointGone("refrag-cpu-compute-env"),
                new RoleGone("refrag-us-east-1-job"),
            ],
            read.Injections);
    }

    [Fact]
    public void Read_OfNothing_IsWhatIsUsual() => Assert.Equal(TimeSpan.FromSeconds(2), Good(Read("")).StartUp);

    [Theory]
    [InlineData("events:\n- {what: spot_reclam}", "Did you mean spot_reclaim?", 2)]
    [InlineData("events:\n- {what: spot_rate}", "the key per_hour is missing", 2)]
    [InlineData("events:\n- {what: spot_reclaim, part: 2}", "a number above 0 and at most 1", 2)]
    [InlineData("events:\n- {what: image_fault, enviroment: x}", "Did you mean environment?", 2)]
    [InlineData("events:\n- {what: role_gone}", "the key role is missing", 2)]
    [InlineData("events:\n- {what: image_fault, region: eu-west-9}", "Did you mean eu-west-", 2)]
    [InlineData("seed: 1\ninstance_start: soon", "not a duration", 2)]
    [InlineData("event: []", "Did you mean events?", 1)]
    [InlineData("- 1", "not a mapping", 1)]
    [InlineData("a: [", "", 1)]
    public void Read_OfAMistake_SaysWhatAndWhere(string text, string said, int line)
    {
        Assert.False(Read(text).TryGet(out _, out IReadOnlyList<Problem> problems));
        Assert.Contains(said, ProblemText.Render(problems), StringComparison.Ordinal);
        Assert.Equal(line, Assert.IsType<FilePlace>(problems[0].Place).Line);
    }

    [Fact]
    public void Read_OfAFileThatIsNotThere_IsAProblem() =>
        Assert.False(ScenarioFile.Read("/nowhere/scenario.yaml", "scenario.yaml", s_usual).TryGet(out _, out _));

    private static readonly Scenario s_usual = new() { StartUp = TimeSpan.FromSeconds(2) };

    private static Scenario Good(Result<Scenario> result)
    {
        Assert.True(result.TryGet(out Scenario? value, out IReadOnlyList<Problem> problems), ProblemText.Render(problems));
        return value;
    }

    private static Result<Scenario> Read(string text)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            return ScenarioFile.Read(file, "scenario.yaml", s_usual);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
