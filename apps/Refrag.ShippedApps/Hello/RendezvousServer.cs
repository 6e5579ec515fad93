using System.Net.Sockets;
using System.Threading.Channels;

namespace Refrag.ShippedApps.Hello;

/// <summary>A worker has greeted, or one that had is lost.</summary>
internal sealed record MemberEvent(Greeting Greeting, bool Lost);

/// <summary>
/// Rank 0's listening side. Whoever connects has a few seconds and one short line to show that it belongs to the job; strangers hold a
/// limited number of places and nothing else.
/// </summary>
internal sealed class RendezvousServer : IAsyncDisposable
{
    // Places for connections that have not greeted yet. Workers that find them taken are turned away and try again.
    private const int Strangers = 128;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);
    private readonly TcpListener _listener;
    private readonly Membership _membership;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<MemberEvent> _events = Channel.CreateUnbounded<MemberEvent>();
    private readonly Dictionary<Visitor, Task> _visits = [];
    private readonly List<Visitor> _members = [];
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private bool _dismissed;

    public RendezvousServer(TcpListener listener, Membership membership, TimeProvider time)
    {
        (_listener, _membership, _time) = (listener, membership, time);
        _accepting = AcceptAsync();
    }

    public ChannelReader<MemberEvent> Events => _events.Reader;

    /// <summary>
    /// Says the last word to every member and waits a little for them to hang up, because Batch ends the other nodes once the main node has
    /// gone.
    /// </summary>
    public async Task DismissAsync(string word)
    {
        Visitor[] members;
        Task[] visits;
        lock (_lock)
        {
            _dismissed = true;
            (members, visits) = ([.. _members], [.. _members.Select(member => _visits[member])]);
        }
        using var patience = new CancellationTokenSource(Wire.Patience, _time);
        await Task.WhenAll(members.Select(member => member.SayLastAsync(word, patience.Token)));
        try
        {
            await Task.WhenAll(visits).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // A member does not hang up; its connection is closed with the listener.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task[] visits;
        lock (_lock) visits = [.. _visits.Values];
        await Task.WhenAll(visits);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _closing.Token.ThrowIfCancellationRequested();
                try
                {
                    Admit(new Visitor(await _listener.AcceptSocketAsync(_closing.Token)));
                }
                catch (Exception exception) when (Wire.IsBroken(exception) || _closing.IsCancellationRequested)
                {
                    // The peer reset before it was accepted, or descriptors ran out for a moment: neither may end the rendezvous, nor spin.
                    // Or the listener is being closed at this moment.
                    await Task.Delay(s_pause, _time, _closing.Token);
                }
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The listener is closed.
        }
    }

    private void Admit(Visitor visitor)
    {
        lock (_lock)
        {
            if (_visits.Count - _members.Count < Strangers)
            {
                // Yields before it touches the tables, so that its entry is there when it removes it.
                _visits.Add(visitor, VisitAsync(visitor));
                return;
            }
        }
        visitor.Dispose();
    }

    private async Task VisitAsync(Visitor visitor)
    {
        await Task.Yield();
        Greeting? member = null;
        try
        {
            member = await GreetAsync(visitor);
            if (member is not null) await visitor.DrainAsync(_closing.Token);
        }
        catch (Exception exception) when (Wire.IsBroken(exception) || exception is OperationCanceledException)
        {
            // A stranger's broken connection is ignored; a member's is reported below.
        }
        Leave(visitor, member);
    }

    private async Task<Greeting?> GreetAsync(Visitor visitor)
    {
        using var patience = new CancellationTokenSource(Wire.Patience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _closing.Token);
        Greeting? greeting = await visitor.ListenAsync(limit.Token);
        string? refusal = greeting is null ? "that was no greeting" : _membership.Refusal(greeting);
        if (refusal is null)
        {
            lock (_lock) _members.Add(visitor);
            _events.Writer.TryWrite(new MemberEvent(greeting!, Lost: false));
        }
        try
        {
            await visitor.SayAsync(refusal is null ? Wire.Welcome : Wire.Refused + refusal, limit.Token);
        }
        catch (Exception exception) when (refusal is null && (Wire.IsBroken(exception) || exception is OperationCanceledException))
        {
            // It is a member by now: the reading side finds the end of the stream and reports it.
        }
        return refusal is null ? greeting : null;
    }

    private void Leave(Visitor visitor, Greeting? member)
    {
        bool lost;
        lock (_lock)
        {
            _visits.Remove(visitor);
            _members.Remove(visitor);
            lost = member is not null && !_dismissed && !_closing.IsCancellationRequested;
        }
        visitor.Dispose();
        if (lost) _events.Writer.TryWrite(new MemberEvent(member!, Lost: true));
    }
}
