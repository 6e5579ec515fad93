using Refrag.Aws.Batch;
using Refrag.Cli.Commands.Jobs.Top;
using Refrag.Cli.Configuration;
using Refrag.Cli.Terminal;
using Refrag.Monitoring;

namespace Refrag.Cli.Tests.Commands.Jobs.Top;

public sealed class TopTests
{
    private static readonly DateTimeOffset s_now = new(2026, 8, 10, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(80, 24)]
    [InlineData(200, 50)]
    [InlineData(40, 12)]
    public void Lines_AnySize_FillsTheScreenAndNoMore(int width, int height)
    {
        foreach (TopMode mode in Enum.GetValues<TopMode>())
        {
            IReadOnlyList<string> lines =
                Screen(State() with { Mode = mode, Page = [.. Enumerable.Range(0, 100).Select(i => new string('x', i * 3))] },
                    TimeZoneInfo.Utc, width, height);

            Assert.Equal(height, lines.Count);
            Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        }
    }

    [Fact]
    public void Lines_EightyByTwentyFour_ShowsQueuesFleetsAndJobs()
    {
        string screen = string.Join('\n', Screen(State(), TimeZoneInfo.Utc, 80, 24));

        Assert.Contains("refrag-cpu-job-queue", screen, StringComparison.Ordinal);
        Assert.Contains("[###.......]", screen, StringComparison.Ordinal);
        Assert.Contains(">  RUNNING", screen, StringComparison.Ordinal);
        Assert.Contains("q quit", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void Press_FilterThenDown_ChoosesAmongWhatIsLeft()
    {
        TopState state = Type(State(), "/name-1");
        (state, _) = state.Press(Key(ConsoleKey.Enter));
        (state, _) = state.Press(Key(ConsoleKey.DownArrow));

        Assert.Equal(TopMode.List, state.Mode);
        Assert.All(state.Jobs, job => Assert.Contains("name-1", job.Summary.JobName, StringComparison.Ordinal));
        Assert.Equal(state.Jobs[1], state.Chosen);
    }

    [Fact]
    public void Press_Terminate_AsksFirst()
    {
        (TopState asked, TopRequest nothing) = State().Press(Char('t'));
        (_, TopRequest no) = asked.Press(Char('n'));
        (TopState after, TopRequest yes) = asked.Press(Char('y'));

        Assert.Equal(TopRequest.None, nothing);
        Assert.Contains("? y/n", Screen(asked, TimeZoneInfo.Utc, 80, 24)[^1], StringComparison.Ordinal);
        Assert.Equal(TopRequest.None, no);
        Assert.Equal(TopRequest.End, yes);
        Assert.Equal(EndAction.Terminate, after.Ending);
    }

    [Fact]
    public void Press_TerminateWhileTheListMoves_EndsTheJobThatWasAskedAbout()
    {
        (TopState asked, _) = State().Press(Char('t'));
        ListedJob meant = asked.Chosen!;
        TopState moved = asked with { Activity = asked.Activity! with { Jobs = [.. asked.Activity!.Jobs.Skip(1)] } };

        (TopState after, TopRequest request) = moved.Press(Char('y'));

        Assert.Equal((TopRequest.End, meant), (request, after.Asked));
        Assert.NotEqual(meant, after.Chosen);
    }

    [Fact]
    public void Press_DownThenTheListMoves_TheChoiceStaysWithTheJob()
    {
        (TopState state, _) = State().Press(Key(ConsoleKey.DownArrow));
        ListedJob chosen = state.Chosen!;

        Assert.Equal(chosen, (state with { Activity = state.Activity! with { Jobs = [.. state.Activity!.Jobs.Skip(1)] } }).Chosen);
    }

    [Fact]
    public void Press_OnAnEmptyList_AsksForNothing() =>
        Assert.All("lct", c => Assert.Equal(TopRequest.None, new TopState().Press(Char(c)).Request));

    [Theory]
    [InlineData(null, "env.gpus=1", "env.gpus=1")]
    [InlineData("awsbatch", "env.gpus=1", "env=awsbatch env.gpus=1")]
    [InlineData("awsbatch", "env=local", "env=local")]
    public void WithEnvironment_Variable_IsTheDefaultOnly(string? variable, string given, string expected) =>
        Assert.Equal(expected, string.Join(' ', ConfigOptions.WithEnvironment([given], variable)));

    private static TopState State()
    {
        var environment = new QueueEnvironment("refrag-cpu-compute-env", 1, new ComputeEnvironmentDetail
        {
            ComputeEnvironmentName = "refrag-cpu-compute-env",
            State = "ENABLED",
            Status = "VALID",
            ComputeResources = new ComputeResource
            {
                Type = "SPOT",
                MaxvCpus = 64,
                DesiredvCpus = 16,
                InstanceTypes = ["m6i.large"],
                Subnets = [],
            },
        });
        var queue = new QueueStatus(
            new JobQueueDetail { JobQueueName = "refrag-cpu-job-queue", State = "ENABLED", Status = "VALID" }, [environment],
            new Dictionary<string, int> { ["RUNNING"] = 4, ["RUNNABLE"] = 96 }, null);
        ListedJob[] jobs = [.. Enumerable.Range(0, 100)
            .Select(i =>
            new ListedJob("refrag-cpu-job-queue",
                new JobSummary
                {
                    JobId = $"00000000-0000-0000-0000-{i:D12}",
                    JobName = $"name-{i}",
                    Status = i < 4 ? "RUNNING" : "RUNNABLE",
                    CreatedAt = s_now.AddMinutes(-i).ToUnixTimeMilliseconds(),
                }))];
        return new TopState { Region = "us-east-1", Activity = new Activity(s_now, [queue], [environment], jobs, IsCut: false, 3.25) };
    }

    private static TopState Type(TopState state, string text)
    {
        foreach (char c in text) (state, _) = state.Press(Char(c));
        return state;
    }

    private static ConsoleKeyInfo Char(char c) => new(c, ConsoleKey.None, shift: false, alt: false, control: false);

    private static ConsoleKeyInfo Key(ConsoleKey key) => new('\0', key, shift: false, alt: false, control: false);

    private static IReadOnlyList<string> Screen(TopState state, TimeZoneInfo zone, int width, int height) =>
        [.. TopScreen.Lines(state, zone, width, height).Select(Cell.TextOf)];
}
