using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Refrag.Aws;
using Refrag.Server.Access;
using Refrag.Server.Endpoints;
using Refrag.Server.Events;
using Refrag.Server.Limits;

namespace Refrag.Server;

/// <summary>
/// AWS Batch, the reading part of CloudWatch Logs, and of ECS and EC2 what says where jobs run, over HTTP, for stock AWS clients, in front
/// of anything that carries their operations.
/// </summary>
public sealed class BatchServer : IAsyncDisposable
{
    private readonly KestrelServer _web;
    private readonly CancellationTokenSource _stopping;
    private readonly EventDelivery _delivery;

    private BatchServer(KestrelServer web, CancellationTokenSource stopping, EventDelivery delivery) =>
        (_web, _stopping, _delivery) = (web, stopping, delivery);

    /// <summary>Where it listens, with the ports that were taken.</summary>
    public IReadOnlyList<Uri> Urls =>
        [.. _web.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(a => new Uri(a))];

    /// <summary>Starts a server. Problems RF5110–RF5115 where it cannot be started so.</summary>
    /// <param name="options">How it is set up.</param>
    /// <param name="transport">Answers the operations of Batch, CloudWatch Logs, ECS and EC2; stays the caller's. In every region, unless
    /// <see cref="BatchServerOptions.Regions"/> has others.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<Result<BatchServer>> StartAsync(
        BatchServerOptions options, IAwsTransport transport, TimeProvider time, CancellationToken cancellationToken)
    {
        if (ServeProblems.Check(options) is { Count: > 0 } problems) return Result<BatchServer>.Failure(problems);
        if (!OpenEvents(options).TryGet(out EventTarget? target, out problems)) return Result<BatchServer>.Failure(problems);
        KestrelServer web = WebServer.Create(options.Urls);
        var stopping = new CancellationTokenSource();
        var guard = new RequestGuard(options.Keys, options.Region, time);
        var pipeline = new RequestPipeline(
            options,
            options.Regions ?? (_ => ValueTask.FromResult(transport)),
            new EndpointTable(),
            new HostRule([.. options.AllowedHosts, .. options.Urls.Select(u => u.Host.Trim('[', ']'))], options.Urls.Any(IsEveryAddress)),
            guard,
            new Ec2Endpoint(options.Regions ?? (_ => ValueTask.FromResult(transport)), guard),
            options.Rehearsing is { } rehearsing ? new RehearsalEndpoint(rehearsing, guard) : null,
            options.TaskMetadata is { } find ? new MetadataEndpoint(find) : null,
            options.Events is { } hub ? new EventStream(hub, time) : null,
            stopping.Token);
        try
        {
            await web.StartAsync(new RequestHost(pipeline.HandleAsync), cancellationToken);
            EventDelivery delivery = EventDelivery.Start(options.Events, target.File, options.EventWebhook, options.Log, time);
            return new BatchServer(web, stopping, delivery);
        }
        catch (IOException e)
        {
            web.Dispose();
            stopping.Dispose();
            if (target.File is not null) await target.File.DisposeAsync();
            return ServeProblems.NotFree(options.Urls[0], e.Message);
        }
    }

    /// <summary>Takes no more requests, lets those under way end (5 s at most), and delivers the events that wait.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        // Real time: requests are, whatever clock the jobs go by.
        using (var limit = new CancellationTokenSource(ServerLimits.StopTime, TimeProvider.System)) await _web.StopAsync(limit.Token);
        _web.Dispose();
        _stopping.Dispose();
        await _delivery.DisposeAsync();
    }

    private static Result<EventTarget> OpenEvents(BatchServerOptions options)
    {
        if (options.EventFile is not { } path || options.Events is null) return new EventTarget(null);
        try
        {
            return new EventTarget(EventFile.Open(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ServeProblems.NoEventFile(path, e.Message);
        }
    }

    private static bool IsEveryAddress(Uri url) => url.Host is "0.0.0.0" or "[::]";

    private sealed record EventTarget(FileStream? File);
}
