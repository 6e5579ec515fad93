using System.Net.Sockets;
using System.Threading.Channels;

namespace Refrag.Apps.Hello;

/// <summary>A worker has greeted, or one that had is lost.</summary>
internal sealed record DoorEvent(Greeting Greeting, bool Lost);

/// <summary>
/// Rank 0's listening side. Whoever connects has a few seconds and one short line to show that it belongs to the job; strangers hold a limited number of places
/// and nothing else.
/// </summary>
internal sealed class Door : IAsyncDisposable
{
    // Places for connections that have not greeted yet. Workers that find them taken are turned away and try again.
    private const int Strangers = 128;

    private readonly TcpListener _listener;
    private readonly RollCall _roll;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<DoorEvent> _events = Channel.CreateUnbounded<DoorEvent>();
    private readonly Dictionary<TcpClient, Task> _visits = [];
    private readonly List<TcpClient> _members = [];
    private readonly Lock _lock = new();
    private readonly Task _accepting;
    private bool _dismissed;

    public Door(TcpListener listener, RollCall roll, TimeProvider time)
    {
        (_listener, _roll, _time) = (listener, roll, time);
        _accepting = AcceptAsync();
    }

    public ChannelReader<DoorEvent> Events => _events.Reader;

    /// <summary>Says the last word to every member and waits a little for them to hang up, because Batch ends the other nodes once the main node has gone.</summary>
    public async Task DismissAsync(string word)
    {
        TcpClient[] members;
        Task[] visits;
        lock (_lock)
        {
            _dismissed = true;
            (members, visits) = ([.. _members], [.. _members.Select(member => _visits[member])]);
        }
        using var patience = new CancellationTokenSource(Wire.Patience, _time);
        await Task.WhenAll(members.Select(member => SayLastAsync(member, word, patience.Token)));
        try
        {
            await Task.WhenAll(visits).WaitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            // Somebody does not hang up; the connection is closed with the door.
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

    private static async Task SayLastAsync(TcpClient member, string word, CancellationToken cancellationToken)
    {
        try
        {
            await member.GetStream().WriteAsync(Wire.Line(word), cancellationToken);
            member.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (Wire.IsBroken(exception) || exception is OperationCanceledException or InvalidOperationException)
        {
            // It is gone already, and was or will be reported as lost.
        }
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                Admit(await _listener.AcceptTcpClientAsync(_closing.Token));
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // The peer reset before it was accepted, or descriptors ran out for a moment: neither may end the roll call, nor spin.
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time, CancellationToken.None);
            }
        }
    }

    private void Admit(TcpClient client)
    {
        lock (_lock)
        {
            if (_visits.Count - _members.Count < Strangers)
            {
                // Yields before it touches the tables, so that its entry is there when it removes it.
                _visits.Add(client, VisitAsync(client));
                return;
            }
        }
        client.Dispose();
    }

    private async Task VisitAsync(TcpClient client)
    {
        await Task.Yield();
        Greeting? member = null;
        try
        {
            Wire.KeepAlive(client.Client);
            member = await GreetAsync(client);
            if (member is not null) await DrainAsync(client.GetStream());
        }
        catch (Exception exception) when (Wire.IsBroken(exception) || exception is OperationCanceledException)
        {
            // A stranger's broken connection is nobody's business; a member's is told below.
        }
        Leave(client, member);
    }

    private async Task<Greeting?> GreetAsync(TcpClient client)
    {
        using var patience = new CancellationTokenSource(Wire.Patience, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _closing.Token);
        NetworkStream stream = client.GetStream();
        byte[]? line = await new LineReader(stream).ReadAsync(limit.Token);
        Greeting? greeting = line is null ? null : Greeting.Parse(line);
        string? refusal = greeting is null ? "that was no greeting" : _roll.Refusal(greeting);
        if (refusal is null)
        {
            lock (_lock) _members.Add(client);
            _events.Writer.TryWrite(new DoorEvent(greeting!, Lost: false));
        }
        try
        {
            await stream.WriteAsync(Wire.Line(refusal is null ? Wire.Welcome : Wire.Refused + refusal), limit.Token);
        }
        catch (Exception exception) when (refusal is null && (Wire.IsBroken(exception) || exception is OperationCanceledException))
        {
            // It is a member by now: the reading side finds the end of the stream and reports it.
        }
        return refusal is null ? greeting : null;
    }

    // A member says nothing more; what it says all the same is thrown away. Returns at the end of the stream.
    private async Task DrainAsync(NetworkStream stream)
    {
        byte[] buffer = new byte[256];
        while (await stream.ReadAsync(buffer, _closing.Token) > 0)
        {
        }
    }

    private void Leave(TcpClient client, Greeting? member)
    {
        bool lost;
        lock (_lock)
        {
            _visits.Remove(client);
            _members.Remove(client);
            lost = member is not null && !_dismissed && !_closing.IsCancellationRequested;
        }
        client.Dispose();
        if (lost) _events.Writer.TryWrite(new DoorEvent(member!, Lost: true));
    }
}
