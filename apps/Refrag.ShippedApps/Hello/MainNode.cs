using System.Net.Sockets;
using System.Threading.Channels;

namespace Refrag.ShippedApps.Hello;

/// <summary>
/// Rank 0: takes greetings until all have come, one that came is lost, or the time is up; then prints who is there, holds, and lets all
/// go. Complete means that every worker was still connected when it was let go.
/// </summary>
internal sealed class MainNode(AppRun run, HelloSettings settings)
{
    private readonly Greeting _own = Greeting.Of(run, settings);

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var listener = new TcpListener(run.Worker.ListenAddress, run.Worker.MainPort);
        try
        {
            listener.Start();
        }
        catch (SocketException exception)
        {
            return run.Fail(CannotListen(exception));
        }
        var membership = new Membership(_own);
        await using var server = new RendezvousServer(listener, membership, run.Time);
        await SayAsync(
            $"rank 0/{_own.World} on {_own.Host}: waiting for {_own.World - 1} at port {run.Worker.MainPort}", cancellationToken);
        Problem? problem = await GatherAsync(membership, server.Events, cancellationToken);
        foreach (string line in membership.Lines()) await SayAsync(line, cancellationToken);
        problem ??= await HoldAsync(server.Events, cancellationToken);
        await server.DismissAsync(problem is null ? Wire.Release : Wire.Abort + problem.What);
        if (problem is not null) return run.Fail(problem);
        await SayAsync($"all {_own.World} workers were there to the end", cancellationToken);
        return AppExitCodes.Success;
    }

    private async Task<Problem?> GatherAsync(
        Membership membership, ChannelReader<MemberEvent> events, CancellationToken cancellationToken)
    {
        MemberEvent? lost = await WatchAsync(events, settings.GatherTimeout, () => membership.Missing.Count == 0, cancellationToken);
        if (lost is not null) return Lost(lost, "before all had greeted");
        return membership.Missing.Count == 0 ? null : Missing(membership.Missing);
    }

    private async Task<Problem?> HoldAsync(ChannelReader<MemberEvent> events, CancellationToken cancellationToken)
    {
        MemberEvent? lost = await WatchAsync(events, settings.Hold, static () => false, cancellationToken);
        return lost is null ? null : Lost(lost, "before it was let go");
    }

    // The first worker that was lost; null if the time ran out or all was done.
    private async Task<MemberEvent?> WatchAsync(
        ChannelReader<MemberEvent> events, TimeSpan time, Func<bool> done, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(time, run.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            while (true)
            {
                while (events.TryRead(out MemberEvent? happened))
                {
                    if (happened.Lost) return happened;
                }
                if (done()) return null;
                await events.WaitToReadAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private Task SayAsync(string line, CancellationToken cancellationToken) =>
        run.Output.WriteLineAsync(line.AsMemory(), cancellationToken);

    private Problem Missing(IReadOnlyList<int> ranks) => new()
    {
        Code = "RF7101",
        What = $"{(ranks.Count == 1 ? "rank" : "ranks")} {string.Join(", ", ranks)} of {_own.World} did not greet within "
            + $"{settings.GatherTimeout.TotalSeconds} s",
        Cause = "It did not start, ended before it greeted, or cannot reach this node",
        Cure = "Look at the log of the missing node, and let the security group pass traffic among the nodes; or raise gather_timeout",
    };

    private Problem Lost(MemberEvent lost, string when) => new()
    {
        Code = "RF7102",
        What = $"rank {lost.Greeting.Rank}/{_own.World} on {lost.Greeting.Host} was lost {when}",
        Cause = "Its connection broke: the worker was killed, crashed, or its host is gone",
        Cure = "Look at that node's log and exit code",
    };

    private Problem CannotListen(SocketException exception) => new()
    {
        Code = "RF7103",
        What = $"rank 0 cannot listen at {run.Worker.ListenAddress}:{run.Worker.MainPort}",
        Cause = exception.Message,
        Cure = "Set MASTER_PORT to a free port, the same for every worker",
        Place = new VariablePlace("MASTER_PORT", $"{run.Worker.MainPort}"),
    };
}
