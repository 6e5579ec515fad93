using System.Globalization;
using Refrag.Aws;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Dashboard.Streams;
using Refrag.Scheduling.Environments;
using Refrag.WhatIf;

namespace Refrag.Dashboard.Simulations;

/// <summary>
/// Simulates worlds side by side while a page waits for them, by the code of <c>refrag simulate</c>. One page at a time, on a thread of its
/// own: what other pages ask for is answered meanwhile.
/// </summary>
/// <param name="batch">Batch, at the pace of the budget.</param>
/// <param name="source">What is simulated.</param>
/// <param name="words">Words that a command takes to look at the same place.</param>
/// <param name="time">The clock.</param>
#pragma warning disable CA1001 // It lives as long as the server, and its lock has no handle to give back.
internal sealed class WhatIfFeed(PacedTransport batch, IDashboardSource source, string words, TimeProvider time)
#pragma warning restore CA1001
{
    /// <summary>How long the jobs are read.</summary>
    internal static readonly TimeSpan ReadingTime = TimeSpan.FromMinutes(2);

    /// <summary>How long all worlds together are simulated.</summary>
    internal static readonly TimeSpan SimulationTime = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>What can be changed.</summary>
    public async Task<WhatIfForm> FormAsync(CancellationToken cancellationToken)
    {
        if (source.Endpoint is null) return WhatIfForm.Failed(DashboardProblems.NothingToSimulate);
        return (await source.WorldAsync(isNow: true, batch, cancellationToken))
            .TryGet(out World? world, out IReadOnlyList<Problem> problems)
            ? WhatIfForm.Of(world)
            : WhatIfForm.Failed(problems[0]);
    }

    /// <summary>Simulates, and sends what comes of it: progress, the load, each world, and the end or a problem.</summary>
    /// <param name="request">What is simulated.</param>
    /// <param name="events">Where it is sent.</param>
    /// <param name="cancellationToken">The page is gone.</param>
    public async Task WriteAsync(WhatIfRequest request, EventWriter events, CancellationToken cancellationToken)
    {
        await events.BeginAsync(cancellationToken);
        if (source.Endpoint is null)
        {
            await FailAsync(DashboardProblems.NothingToSimulate, events, cancellationToken);
            return;
        }
        await TakeTurnAsync(events, cancellationToken);
        try
        {
            await SimulateAsync(request, events, cancellationToken);
        }
        catch (AwsException failure)
        {
            await FailAsync(failure.Problem, events, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task TakeTurnAsync(EventWriter events, CancellationToken cancellationToken)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task turn = _one.WaitAsync(gone.Token);
        try
        {
            if (!turn.IsCompleted) await SayAsync("Another simulation of this server runs first", events, cancellationToken);
            await events.WaitAsync(_ => turn, cancellationToken);
        }
        catch
        {
            // The turn may have come at the moment when the page went.
            await gone.CancelAsync();
            await turn.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (turn.IsCompletedSuccessfully) _one.Release();
            throw;
        }
    }

    private async Task SimulateAsync(WhatIfRequest request, EventWriter events, CancellationToken cancellationToken)
    {
        await SayAsync("Reading the jobs and the environments", events, cancellationToken);
        if (!(await ReadAsync(request, events, cancellationToken))
            .TryGet(out (World Deployed, SimulatedLoad Load) read, out IReadOnlyList<Problem> problems))
        {
            await FailAsync(problems[0], events, cancellationToken);
            return;
        }
        await events.SendAsync("load", WhatIfLoad.Of(read.Load.Workload), WhatIfJson.Default.WhatIfLoad, cancellationToken);
        Experiment experiment = new(_ => read.Load.Workload, IsGenerated: false, FirstSeed: 1, request.Seeds);
        using CancellationTokenSource limit = new(SimulationTime, time);
        List<int> unfinished = [];
        List<ChangedWorld> worlds = [];
        for (int number = 0; number <= request.Worlds.Count; number++)
        {
            if (!WorldOf(request, read.Deployed, number).TryGet(out ChangedWorld? changed, out problems))
            {
                await FailAsync(problems[0], events, cancellationToken);
                return;
            }
            worlds.Add(changed);
        }
        foreach ((int number, ChangedWorld changed) in worlds.Index())
        {
            await SayAsync(
                string.Create(CultureInfo.InvariantCulture, $"Simulating world {number + 1} of {worlds.Count}"), events,
                cancellationToken);
            if (!(await RunAsync(experiment, changed.World, events, limit.Token, cancellationToken))
                .TryGet(out WorldResult? result, out problems))
            {
                await FailAsync(problems[0], events, cancellationToken);
                return;
            }
            // What the time cut off is not a result.
            if (limit.IsCancellationRequested) unfinished.Add(number);
            else
            {
                string command = $"refrag simulate {read.Load.Words} {request.WordsOf(changed.Settings)} {words}";
                await events.SendAsync("world", WhatIfWorld.Of(number, result, command), WhatIfJson.Default.WhatIfWorld, cancellationToken);
            }
        }
        await events.SendAsync("end", new WhatIfEnd(unfinished), WhatIfJson.Default.WhatIfEnd, cancellationToken);
    }

    private async Task<Result<(World Deployed, SimulatedLoad Load)>> ReadAsync(
        WhatIfRequest request, EventWriter events, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(ReadingTime, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        // The history is read without asynchrony, and simulations leave the threads of requests alone.
        Task<Result<(World, SimulatedLoad)>> reading = Task.Run(() => ReadAllAsync(request.Load, stop.Token), CancellationToken.None);
        try
        {
            await events.WaitAsync(_ => reading, cancellationToken);
            return await reading;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return DashboardProblems.ReadingTooLong(ReadingTime);
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Result<(World, SimulatedLoad)>> ReadAllAsync(LoadChoice choice, CancellationToken cancellationToken)
    {
        if (!(await source.WorldAsync(isNow: choice.Span is null, batch, cancellationToken))
            .TryGet(out World? deployed, out IReadOnlyList<Problem> problems)
            || !(await source.LoadAsync(choice, batch, cancellationToken)).TryGet(out SimulatedLoad? load, out problems))
            return Result<(World, SimulatedLoad)>.Failure(problems);
        return (deployed, load);
    }

    // The thread ends with the simulation, which ends after the event at hand.
    private static async Task<Result<WorldResult>> RunAsync(
        Experiment experiment, World world, EventWriter events, CancellationToken limit, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit);
        Task<Result<WorldResult>> running = Task.Factory.StartNew(
            () => experiment.Run(world, each: null, stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            await events.WaitAsync(_ => running, cancellationToken);
        }
        finally
        {
            // Two at once would take the machine from the page.
            await stop.CancelAsync();
            await ((Task)running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        return await running;
    }

    private static Result<ChangedWorld> WorldOf(WhatIfRequest request, World deployed, int number)
    {
        List<(string Name, string Value)> settings = number == 0 ? [] : [.. request.Worlds[number - 1]];
        if (!WhatIfRequest.Changed(deployed, settings).TryGet(out World? world, out IReadOnlyList<Problem> problems))
            return Result<ChangedWorld>.Failure(problems);
        if (request.Reclaims.Length > 0)
        {
            (string, string)[] reclaims =
            [
                .. world.Environments.Where(one => one.Kind is ComputeEnvironmentKind.Spot)
                    .Select(one => ($"{one.Name}.reclaims_per_hour", request.Reclaims)),
            ];
            if (!WhatIfRequest.Changed(world, reclaims).TryGet(out world, out problems)) return Result<ChangedWorld>.Failure(problems);
            settings.AddRange(reclaims);
        }
        return new ChangedWorld(world, settings);
    }

    private static Task SayAsync(string what, EventWriter events, CancellationToken cancellationToken) =>
        events.SendAsync("progress", new WhatIfProgress(what), WhatIfJson.Default.WhatIfProgress, cancellationToken);

    private static Task FailAsync(Problem problem, EventWriter events, CancellationToken cancellationToken) =>
        events.SendAsync("problem", PageProblem.Of(problem), WhatIfJson.Default.PageProblem, cancellationToken);

    /// <summary>A world, and the settings that made it of the deployed one.</summary>
    private sealed record ChangedWorld(World World, IReadOnlyList<(string Name, string Value)> Settings);
}
