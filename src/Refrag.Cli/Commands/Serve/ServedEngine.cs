using Refrag.Aws.Batch;
using Refrag.Engine;
using Refrag.Engine.Loop;
using Refrag.Scheduling.Explaining;
using Refrag.Scenarios;
using Refrag.Scheduling.Simulation;
using Refrag.Server;
using Refrag.Server.Endpoints;

namespace Refrag.Cli.Commands.Serve;

/// <summary>The engine in the terms of the server, which does not know it.</summary>
internal static class ServedEngine
{
    public static ServerHealth Health(EngineHealth health) =>
        new(Word(health.Status), health.Reason, health.Status is EngineStatus.CommitFailed or EngineStatus.Failed);

    public static Rehearsing Rehearsing(ServedRegions regions) => new(
        (region, text) => InjectAsync(regions, region, text),
        async (region, token) => await FleetsAsync(await regions.FindAsync(region), token),
        async (region, jobId, token) => await StartAsync(await regions.FindAsync(region), jobId, token));

    private static string Word(EngineStatus status) => status switch
    {
        EngineStatus.Starting => "starting",
        EngineStatus.Ready => ServerHealth.Ready,
        EngineStatus.DiskFull => "disk-full",
        EngineStatus.Stopping => ServerHealth.Stopping,
        EngineStatus.CommitFailed => "commit-failed",
        _ => "failed",
    };

    private static async Task<IReadOnlyList<Problem>> InjectAsync(ServedRegions regions, string region, string text)
    {
        if (!ScenarioFile.ReadEvents(text).TryGet(out IReadOnlyList<Injection>? events, out IReadOnlyList<Problem> problems))
            return problems;
        // All regions first: if one cannot be opened, no event is taken.
        List<(LocalBatch Batch, Injection Event)> all = [];
        foreach (Injection one in events) all.Add((await regions.FindAsync(one.Region ?? region), one));
        foreach ((LocalBatch batch, Injection one) in all) await batch.InjectAsync(one);
        return [];
    }

    private static async Task<DescribeStartResponse> StartAsync(LocalBatch batch, string jobId, CancellationToken cancellationToken)
    {
        (StartForecast? forecast, DateTimeOffset at) = await batch.ForecastStartAsync(jobId, cancellationToken);
        return new DescribeStartResponse
        {
            AskedAt = at,
            Earliest = forecast?.Earliest,
            Middle = forecast?.Middle,
            Latest = forecast?.Latest,
            LevelPercent = StartForecast.LevelPercent,
            Assumptions = forecast?.Assumptions ?? [],
        };
    }

    private static async Task<RehearsedFleets> FleetsAsync(LocalBatch batch, CancellationToken cancellationToken) => new(
        [
            .. (await batch.FleetsAsync(cancellationToken)).Select(one => new RehearsedInstance(
                one.Id, one.Environment, one.Type, one.Zone, one.IsSpot, one.IsStarting, one.JobIds)),
        ],
        [
            .. (await batch.FleetUsageAsync(cancellationToken)).Select(one =>
                new FleetUsageLine(one.Environment, one.Type, one.IsSpot, one.Instances, one.Hours)),
        ]);
}
