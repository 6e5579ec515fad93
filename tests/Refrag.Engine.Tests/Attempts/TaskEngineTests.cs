using Refrag.Aws.Batch;
using Refrag.Runners.Attempts;
using static Refrag.Engine.Tests.TaskRequests;

namespace Refrag.Engine.Tests.Attempts;

/// <summary>Tasks of several containers in the engine, by a runner that does what the test says.</summary>
public sealed class TaskEngineTests : EngineTest
{
    [Fact]
    public async Task Task_InitThenMainBesideASidecar_StartsInOrderAndEndsWithMain()
    {
        string id = await StartAsync(
            Container("main", ["run", "main"], true, ("init", "SUCCESS"), ("side", "START")), Container("init", ["run", "init"], false),
            Container("side", ["run", "side"], false));
        Dictionary<string, FakeAttempt> first = await NextAsync(2);
        Assert.Equal(["init", "side"], first.Keys.Order());
        JobDetail running = await Until(id, JobStatus.Running);
        Assert.Equal([null, "task/init/", "task/side/"], (await Describe(id)).Containers().Select(one => one.LogStreamName?[..^32]));
        Assert.Null(running.Container);

        first["init"].End(0);
        FakeAttempt main = (await NextAsync(1))["main"];
        Assert.False(first["side"].WasSignalled);
        main.End(4);
        Assert.Equal(StopSignal.Terminate, await first["side"].NextSignal());
        Assert.Equal(JobStatus.Running, (await Describe(id)).Status);
        first["side"].End(143);

        JobDetail ended = await Ended(id);
        Assert.Equal((JobStatus.Failed, "Essential container in task exited"), (ended.Status, ended.StatusReason));
        Assert.Equal([("main", 4), ("init", 0), ("side", 143)], ended.Containers().Select(one => (one.Name!, one.ExitCode ?? -1)));
        AttemptDetail attempt = Assert.Single(ended.Attempts!);
        Assert.Equal([("main", 4), ("init", 0), ("side", 143)],
            Assert.Single(attempt.TaskProperties!).Containers!.Select(one => (one.Name!, one.ExitCode ?? -1)));
        Assert.Equal((4, ended.Containers()[0].LogStreamName), (attempt.Container!.ExitCode, attempt.Container.LogStreamName));
    }

    [Fact]
    public async Task Task_StopTimeout_IsTheTimeBetweenTheSignals()
    {
        string id =
            await StartAsync(Container("main", ["run", "main"]), Container("quick", ["run", "quick"], false) with { StopTimeout = 5 },
                Container("usual", ["run", "usual"], false));
        Dictionary<string, FakeAttempt> all = await NextAsync(3);
        await StartedAsync(id, 3);
        all["main"].End(0);
        foreach (string name in new[] { "quick", "usual" }) Assert.Equal(StopSignal.Terminate, await all[name].NextSignal());
        Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(StopSignal.Kill, await all["quick"].NextSignal());
        Assert.False(all["usual"].WasSignalled);
        Time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal(StopSignal.Kill, await all["usual"].NextSignal());
        all["quick"].End(137);
        all["usual"].End(137);
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
    }

    [Fact]
    public async Task Task_DependencyFails_TheTaskFailsToStartAndIsTriedAgain()
    {
        string id = await StartAsync(
            request =>
                request with
                {
                    RetryStrategy = new RetryStrategy
                    {
                        Attempts = 2,
                        EvaluateOnExit = [new EvaluateOnExit { OnStatusReason = "Task failed to start*", Action = "RETRY" }],
                    },
                },
            Container("main", ["run", "main"], true, ("init", "SUCCESS")), Container("init", ["run", "init"], false));
        (await NextAsync(1))["init"].End(1);
        (await NextAsync(1))["init"].End(0);
        (await NextAsync(1))["main"].End(0);
        JobDetail ended = await Ended(id);
        Assert.Equal(
            (JobStatus.Succeeded, 2, "Task failed to start"), (ended.Status, ended.Attempts!.Count, ended.Attempts[0].StatusReason));
        Assert.Equal("The container init, which it waits for, ended with 1", ended.Attempts[0].TaskProperties![0].Containers![0].Reason);
    }

    [Fact]
    public async Task Task_StartTimeout_EndsTheWait()
    {
        string id =
            await StartAsync(Container("main", ["run", "main"], true, ("init", "COMPLETE")),
                Container("init", ["run", "init"], false) with { StartTimeout = 10 });
        FakeAttempt init = (await NextAsync(1))["init"];
        await StartedAsync(id, 1);
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(StopSignal.Terminate, await init.NextSignal());
        init.End(143);
        JobDetail ended = await Ended(id);
        Assert.Equal((JobStatus.Failed, "Task failed to start"), (ended.Status, ended.StatusReason));
        Assert.Contains("startTimeout of 10 seconds", ended.Containers()[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Task_Terminated_StopsWhatRunsAndStartsNothingMore()
    {
        string id =
            await StartAsync(Container("main", ["run", "main"], true, ("init", "SUCCESS")), Container("init", ["run", "init"], false));
        FakeAttempt init = (await NextAsync(1))["init"];
        await StartedAsync(id, 1);
        await Terminate(id, "enough");
        Assert.Equal(StopSignal.Terminate, await init.NextSignal());
        init.End(0);
        JobDetail ended = await Ended(id);
        Assert.Equal((JobStatus.Failed, "enough", 1), (ended.Status, ended.StatusReason, Runner.Starts.Count));
        Assert.Equal("The task was stopped before this container started", ended.Containers()[0].Reason);
    }

    [Fact]
    public async Task Task_TerminatedWithAStopTimeout_HasThatTime()
    {
        string id =
            await StartAsync(Container("main", ["run", "main"]) with { StopTimeout = 100 }, Container("side", ["run", "side"], false));
        Dictionary<string, FakeAttempt> all = await NextAsync(2);
        FakeAttempt main = all["main"];
        await StartedAsync(id, 2);
        await Terminate(id, "enough");
        Assert.Equal(StopSignal.Terminate, await main.NextSignal());
        all["side"].End(143);
        Time.Advance(TimeSpan.FromSeconds(99));
        await Describe(id);
        Assert.False(main.WasSignalled);
        // Who stops everything at once does not wait for that.
        Task stopped = Batch.StopAsync(TimeSpan.Zero);
        Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(StopSignal.Kill, await main.NextSignal());
        main.End(137);
        await stopped;
        Assert.Equal("enough", (await Ended(id)).StatusReason);
    }

    [Fact]
    public async Task Task_TimesOut_StopsEveryContainer()
    {
        string id =
            await StartAsync(request => request with { Timeout = new JobTimeout { AttemptDurationSeconds = 60 } },
                Container("a", ["run", "a"]), Container("b", ["run", "b"]));
        Dictionary<string, FakeAttempt> all = await NextAsync(2);
        await StartedAsync(id, 2);
        Time.Advance(TimeSpan.FromSeconds(60));
        foreach (FakeAttempt one in all.Values)
        {
            Assert.Equal(StopSignal.Terminate, await one.NextSignal());
            one.End(143);
        }
        Assert.Equal((JobStatus.Failed, "Job attempt duration exceeded timeout"),
            (await Ended(id)) is { } job ? (job.Status, job.StatusReason) : default);
    }

    [Fact]
    public async Task Task_EachContainer_HasItsOwnLimitsGpusEnvironmentAndOverrides()
    {
        await Batch.SendAsync(BatchOperations.RegisterJobDefinition, Definition(
            Container("a", ["run", "a"]) with
            {
                ResourceRequirements = [new() { Type = "GPU", Value = "1" }, new() { Type = "MEMORY", Value = "100" },
                    new() { Type = "VCPU", Value = "1" }],
            },
            Container("b", ["run", "b"]) with
            {
                ResourceRequirements = [new() { Type = "GPU", Value = "1" }, new() { Type = "MEMORY", Value = "50" },
                    new() { Type = "VCPU", Value = "2" }],
            }), Token);
        string id = await Submit(Job with
        {
            EcsPropertiesOverride = new EcsPropertiesOverride
            {
                TaskProperties = [new TaskPropertiesOverride
                {
                    Containers = [new TaskContainerOverrides
                    {
                        Name = "b",
                        Command = ["run", "c"],
                        Environment = [new KeyValuePair { Name = "X", Value = "1" }],
                    }],
                }],
            },
        });
        foreach (FakeAttempt attempt in (await NextAsync(2)).Values) attempt.End(0);
        await Ended(id);
        AttemptStart[] starts = [.. Runner.Starts.OrderBy(start => start.Command[1], StringComparer.Ordinal)];
        Assert.Equal(["a", "c"], starts.Select(start => start.Command[1]));
        Assert.Equal([100L, 50L], starts.Select(start => start.Limits!.Memory.Value));
        Assert.Equal([["0"], ["1"]], starts.Select(start => start.Gpus));
        Assert.Equal([null, "1"], starts.Select(start => start.Environment.GetValueOrDefault("X")));
        Assert.Single(starts.Select(start => start.Task!.Key).Distinct());
    }

    [Fact]
    public async Task Task_OfAMultiNodeJob_IsTheNodes()
    {
        await Batch.SendAsync(BatchOperations.RegisterJobDefinition, new RegisterJobDefinitionRequest
        {
            JobDefinitionName = "task",
            Type = "multinode",
            NodeProperties = new NodeProperties
            {
                NumNodes = 2,
                MainNode = 0,
                NodeRangeProperties = [new NodeRangeProperty
                {
                    TargetNodes = "0:",
                    EcsProperties = Properties(Container("main", ["run", "main"]), Container("side", ["run", "side"], false)),
                }],
            },
        }, Token);
        string id = await Submit(Job);
        List<(string Node, string Name, FakeAttempt Attempt)> all = [];
        for (int i = 0; i < 4; i++)
        {
            FakeAttempt attempt = await Runner.Next();
            all.Add((attempt.JobId, attempt.Command[1], attempt));
        }
        Assert.Equal([($"{id}#0", "main"), ($"{id}#0", "side"), ($"{id}#1", "main"), ($"{id}#1", "side")],
            all.Select(one => (one.Node, one.Name)).Order());
        await Until(id, JobStatus.Running);
        all.Single(one => one.Node == $"{id}#0" && one.Name == "main").Attempt.End(0);
        // The second node is stopped when the main one has ended, which its other container ends; and they start in any order.
        foreach (FakeAttempt one in all.Where(one => one.Node != $"{id}#0" || one.Name != "main")
            .OrderBy(one => one.Node, StringComparer.Ordinal).Select(one => one.Attempt))
        {
            Assert.Equal(StopSignal.Terminate, await one.NextSignal());
            one.End(143);
        }
        Assert.Equal(JobStatus.Succeeded, (await Ended(id)).Status);
        JobDetail second = await Describe($"{id}#1");
        Assert.Equal(143, second.Container?.ExitCode);
        Assert.Equal([("main", 143), ("side", 143)], second.Containers().Select(one => (one.Name!, one.ExitCode ?? -1)));
    }

    [Theory]
    [InlineData("SUCCESS", true, "cannot be set on an essential container")]
    [InlineData("START", true, "in a circle")]
    [InlineData("HEALTHY", false, "Use START, COMPLETE or SUCCESS")]
    public async Task Register_DependenciesThatCannotBe_AreRefused(string condition, bool both, string words)
    {
        TaskContainerProperties other = both ? Container("b", ["run", "b"], true, ("a", "START")) : Container("b", ["run", "b"]);
        Assert.Contains(words,
            await Refused(
                Batch.SendAsync(BatchOperations.RegisterJobDefinition,
                    Definition(Container("a", ["run", "a"], true, ("b", condition)), other), Token)), StringComparison.Ordinal);
    }

    private Task<string> StartAsync(params TaskContainerProperties[] containers) => StartAsync(request => request, containers);

    private async Task<string> StartAsync(Func<SubmitJobRequest, SubmitJobRequest> change, params TaskContainerProperties[] containers)
    {
        await Batch.SendAsync(BatchOperations.RegisterJobDefinition, Definition(containers), Token);
        return await Submit(change(Job));
    }

    private async Task<Dictionary<string, FakeAttempt>> NextAsync(int count)
    {
        Dictionary<string, FakeAttempt> all = [];
        for (int i = 0; i < count; i++)
        {
            FakeAttempt attempt = await Runner.Next();
            all[attempt.Command[1]] = attempt;
        }
        return all;
    }

    // What a program has a log stream for has been reported to the engine.
    private Task StartedAsync(string id, int count) =>
        Eventually.HoldsAsync(async () => (await Describe(id)).Containers().Count(one => one.LogStreamName is not null) >= count);
}
