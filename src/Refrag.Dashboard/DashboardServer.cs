using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Refrag.Dashboard.Access;
using Refrag.Dashboard.Problems;
using Refrag.Dashboard.Sources;
using Refrag.Server;
using Refrag.Server.Limits;

namespace Refrag.Dashboard;

/// <summary>Serves the page to a browser on this machine.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private readonly KestrelServer _web;
    private readonly CancellationTokenSource _stopping;
    private readonly PageSessions _sessions;

    private DashboardServer(KestrelServer web, CancellationTokenSource stopping, PageSessions sessions) =>
        (_web, _stopping, _sessions) = (web, stopping, sessions);

    /// <summary>Where it listens, with the port that was taken.</summary>
    public Uri Url => AddressOf(_web);

    /// <summary>The address that opens the page once.</summary>
    public Uri Entrance => EntranceOf(Url, _sessions);

    /// <summary>Starts it. Problems RF8195 and RF8196 where it cannot be started so.</summary>
    /// <param name="options">How it is served.</param>
    /// <param name="source">What it shows; stays the caller's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    public static async Task<Result<DashboardServer>> StartAsync(
        DashboardOptions options, IDashboardSource source, TimeProvider time, CancellationToken cancellationToken)
    {
        if (DashboardProblems.CheckAddress(options.Url) is { } problem) return problem;
        KestrelServer web;
        try
        {
            web = WebServer.Create([options.Url]);
        }
        catch (InvalidOperationException e)
        {
            return DashboardProblems.NotFree(options.Url, e.Message);
        }
        var stopping = new CancellationTokenSource();
        var sessions = new PageSessions();
        var guard = new PageGuard(sessions);
        var pipeline = new PagePipeline(
            new PageRoutes(options, source, time, stopping.Token), guard, sessions,
            () => options.Announce(EntranceOf(AddressOf(web), sessions)), options.Log);
        try
        {
            await web.StartAsync(new RequestHost(pipeline.HandleAsync), cancellationToken);
        }
        // A port in use, one that needs rights, and localhost with port 0, which would be two ports.
        catch (Exception e) when (e is IOException or SocketException or InvalidOperationException)
        {
            web.Dispose();
            stopping.Dispose();
            return DashboardProblems.NotFree(options.Url, e.Message);
        }
        guard.SetAddress(AddressOf(web));
        return new DashboardServer(web, stopping, sessions);
    }

    /// <summary>Ends the streams and takes no more requests.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        using (var limit = new CancellationTokenSource(ServerLimits.StopTime, TimeProvider.System)) await _web.StopAsync(limit.Token);
        _web.Dispose();
        _stopping.Dispose();
    }

    private static Uri AddressOf(KestrelServer web) =>
        new(web.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    private static Uri EntranceOf(Uri url, PageSessions sessions) => new(url, $"/?{PagePipeline.TokenParameter}={sessions.Token}");
}
