using CsCheck;
using Refrag.Aws.Batch;
using Refrag.Engine.Jobs.Plans;
using Refrag.Engine.Jobs.Tasks;

namespace Refrag.Engine.Tests.Jobs.Tasks;

public sealed class TaskRuleTests
{
    private static readonly TaskContainer[] s_pipeline =
    [
        Container("main", essential: true, ("init", "SUCCESS"), ("proxy", "START")),
        Container("init", essential: false),
        Container("proxy", essential: false),
    ];

    [Fact]
    public void Next_AtTheBeginning_StartsThoseWithoutDependencies()
    {
        TaskStep step = Next(s_pipeline, Waiting(3));
        Assert.Equal([1, 2], step.Start);
        Assert.Equal((null, false), (step.Decider, step.HasEnded));
        Assert.Equal([null, 5L, 5L], step.Runs.Select(run => run.LaunchedAt));
    }

    [Fact]
    public void Next_WhatWasStarted_IsNotStartedAgain()
    {
        TaskStep step = Next(s_pipeline, Next(s_pipeline, Waiting(3)).Runs);
        Assert.Empty(step.Start);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void Next_Success_NeedsTheExitCodeZero(int? code, bool starts)
    {
        ContainerRun init = code is { } exit ? Ended(exit) : Running();
        Assert.Equal(starts ? [0] : [], Next(s_pipeline, [Wait(), init, Running()]).Start);
    }

    [Fact]
    public void Next_Complete_TakesAnyExitCode() =>
        Assert.Equal([0], Next([Container("main", true, ("init", "COMPLETE")), Container("init", false)], [Wait(), Ended(9)]).Start);

    [Fact]
    public void Next_Start_NeedsAProgramThatRuns()
    {
        TaskContainer[] plan = [Container("main", true, ("proxy", "START")), Container("proxy", false)];
        Assert.Empty(Next(plan, [Wait(), Running() with { StartedAt = null }]).Start);
        Assert.Equal([0], Next(plan, [Wait(), Running()]).Start);
    }

    [Fact]
    public void Next_EssentialThatCannotStartAnyMore_EndsTheTask()
    {
        TaskStep step = Next(s_pipeline, [Wait(), Ended(3), Running()]);
        Assert.Equal("0 ends it, stops 2, starts ", Tell(step));
        Assert.Equal((false, "The container init, which it waits for, ended with 3"), (step.Runs[0].Started, step.Runs[0].Reason));
    }

    [Fact]
    public void Next_OtherThatCannotStartAnyMore_IsLeftOut()
    {
        TaskContainer[] plan = [Container("main", true), Container("init", false), Container("report", false, ("init", "SUCCESS"))];
        TaskStep step = Next(plan, [Running(), Ended(1), Wait()]);
        Assert.Equal(" ends it, stops , starts ", Tell(step));
        Assert.True(step.Runs[2].HasEnded);
    }

    [Fact]
    public void Next_EssentialEnds_OthersAreStoppedAndNoneStarts()
    {
        TaskContainer[] plan = [Container("main", true), Container("side", false), Container("late", false, ("side", "COMPLETE"))];
        TaskStep step = Next(plan, [Ended(0), Running(), Wait()]);
        Assert.Equal("0 ends it, stops 1, starts ", Tell(step));
        Assert.Equal(TaskRule.Stopped, step.Runs[2].Reason);
        Assert.True(Next(plan, [.. step.Runs.Take(1), Ended(143), step.Runs[2]], step.Decider).HasEnded);
    }

    [Fact]
    public void Next_OtherEnds_NothingFollows()
    {
        TaskStep step = Next([Container("main", true), Container("side", false)], [Running(), Ended(1)]);
        Assert.Equal(" ends it, stops , starts ", Tell(step));
    }

    [Fact]
    public void Next_SecondEssentialEndsBecauseItWasStopped_TheFirstDecides()
    {
        TaskContainer[] plan = [Container("a", true), Container("b", true)];
        int? decider = Next(plan, [Running(), Ended(0)]).Decider;
        Assert.Equal(1, decider);
        Assert.Equal(1, Next(plan, [Ended(143), Ended(0)], decider).Decider);
    }

    [Fact]
    public void Next_Stopping_EndsDependentsBeforeWhatTheyDependOn()
    {
        TaskContainer[] plan = [Container("main", true), Container("proxy", false), Container("worker", false, ("proxy", "START"))];
        TaskStep step = Next(plan, [Ended(0), Running(), Running()]);
        Assert.Equal([2], step.Stop);
        Assert.Equal([1], Next(plan, [Ended(0), Running(), Ended(143)], step.Decider).Stop);
    }

    [Fact]
    public void Next_WholeAttemptIsStopped_NoneStarts()
    {
        TaskStep step = TaskRule.Next(s_pipeline, [Wait(), Ended(0), Running()], null, isStopping: true, 5);
        Assert.Equal(" ends it, stops 2, starts ", Tell(step with { Decider = null }));
        Assert.Equal(TaskRule.Stopped, step.Runs[0].Reason);
    }

    [Fact]
    public void Next_StartTimeout_IsGivenUpOnceItIsOver()
    {
        TaskContainer[] plan = [Container("main", true, ("init", "COMPLETE")),
            Container("init", false) with { StartTimeout = TimeSpan.FromSeconds(10) }];
        ContainerRun[] runs = [Wait(), Running() with { StartedAt = 1000 }];
        Assert.Equal((null, 11_000), (Next(plan, runs, now: 10_999).Decider, Next(plan, runs, now: 10_999).LookAt));
        TaskStep late = Next(plan, runs, now: 11_000);
        Assert.Equal("0 ends it, stops 1, starts ", Tell(late));
        Assert.Equal("The container init, which it waits for, did not end within its startTimeout of 10 seconds", late.Runs[0].Reason);
    }

    [Fact]
    public void Next_LostDependency_IsSaidOfWhoWaitedForIt()
    {
        TaskStep step = Next(s_pipeline, [Wait(), Ended(null) with { IsLost = true }, Running()]);
        Assert.Equal((0, true), (step.Decider, step.Runs[0].IsLost));
    }

    [Fact]
    public void Next_Circle_EndsInsteadOfWaitingForEver()
    {
        TaskStep step = Next([Container("a", true, ("b", "START")), Container("b", false, ("a", "START"))], Waiting(2));
        Assert.Equal((true, 0), (step.HasEnded, step.Decider));
    }

    // Whatever the graph and whatever becomes of the containers: none starts twice or before its time, and the task comes to an end.
    [Fact]
    public void Next_AnyTask_Ends()
    {
        Gen<(bool Essential, int[] DependsOn, int Condition, int Code)> container =
            Gen.Select(Gen.Bool, Gen.Int[0, 5].Array[0, 2], Gen.Int[0, 2], Gen.Int[0, 1]);
        Gen.Select(container.Array[1, 6], Gen.Int[0, 1000]).Sample((containers, seed) =>
        {
            string[] conditions = ["START", "COMPLETE", "SUCCESS"];
            TaskContainer[] plan = [.. containers.Select((one, index) => Container(
                $"{index}", one.Essential || index == 0,
                [.. one.DependsOn.Where(other => other < containers.Length).Select(other => ($"{other}", conditions[one.Condition]))]))];
            ContainerRun[] runs = Waiting(plan.Length);
            int? decider = null;
            var started = new HashSet<int>();
            for (int turn = 0; turn < 50; turn++)
            {
                TaskStep step = Next(plan, runs, decider, now: turn);
                foreach (int start in step.Start)
                {
                    Assert.True(started.Add(start));
                    Assert.All(plan[start].DependsOn,
                        dependency =>
                            Assert.True(
                                Fulfils(dependency,
                                    runs[int.Parse(dependency.ContainerName!, System.Globalization.CultureInfo.InvariantCulture)])));
                }
                (runs, decider) = ([.. step.Runs], step.Decider);
                if (step.HasEnded) return;
                int[] alive = [.. Enumerable.Range(0, runs.Length).Where(index => runs[index].IsAlive)];
                Assert.NotEmpty(alive);
                if (step.Decider is not null) Assert.NotEmpty(step.Stop);
                int next = alive[(seed + turn) % alive.Length];
                runs = [.. runs.Select(
                    (run, index) => index != next
                        ? run
                        : run.StartedAt is null
                        ? run with { StartedAt = turn }
                        : run with { StoppedAt = turn, ExitCode = containers[index].Code })];
            }
            Assert.Fail("It has not ended.");
        });
    }

    private static string Tell(TaskStep step) =>
        $"{step.Decider} ends it, stops {string.Join(' ', step.Stop)}, starts {string.Join(' ', step.Start)}";

    private static bool Fulfils(TaskContainerDependency dependency, ContainerRun run) => dependency.Condition switch
    {
        "START" => run.StartedAt is not null,
        "COMPLETE" => run.HasEnded,
        _ => run is { HasEnded: true, ExitCode: 0 },
    };

    private static TaskStep Next(IReadOnlyList<TaskContainer> plan, IReadOnlyList<ContainerRun> runs, int? decider = null, long now = 5) =>
        TaskRule.Next(plan, runs, decider, isStopping: false, now);

    private static TaskContainer Container(string name, bool essential, params (string Name, string Condition)[] dependsOn) => new()
    {
        Name = name,
        Plan = EksPlanner.Node([], default),
        IsEssential = essential,
        DependsOn = [.. dependsOn.Select(one => new TaskContainerDependency { ContainerName = one.Name, Condition = one.Condition })],
    };

    private static ContainerRun Wait() => new() { LogStream = "log" };

    private static ContainerRun[] Waiting(int count) => [.. Enumerable.Repeat(Wait(), count)];

    private static ContainerRun Running() => new() { LogStream = "log", LaunchedAt = 1, StartedAt = 2 };

    private static ContainerRun Ended(int? code) => Running() with { StoppedAt = 3, ExitCode = code };
}
