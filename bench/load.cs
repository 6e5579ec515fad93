// Sends one and the same HTTP request over and over, on a number of connections, and prints how many answers came a second and how long
// they took:
//
//     dotnet run bench/load.cs -- HOST PORT REQUEST-FILE CONNECTIONS SECONDS
//
// REQUEST-FILE holds the request's bytes, head and body, as they go over the wire. A server that closes the connection is connected to
// again. Prints JSON.
//
// One thread that looks at all connections: it shares the cores with the server that it measures, and what it takes of them the server
// lacks.
#:property PublishAot=false
#:property RunAnalyzers=false
#:property RestorePackagesWithLockFile=false

using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

if (args.Length != 5)
{
    Console.Error.WriteLine("usage: dotnet run bench/load.cs -- HOST PORT REQUEST-FILE CONNECTIONS SECONDS");
    return 2;
}
var target = new IPEndPoint(IPAddress.Parse(args[0]), int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture));
byte[] request = File.ReadAllBytes(args[2]);
int connections = int.Parse(args[3], System.Globalization.CultureInfo.InvariantCulture);
TimeSpan patience = TimeSpan.FromSeconds(10);
double seconds = double.Parse(args[4], System.Globalization.CultureInfo.InvariantCulture);

// A second to warm up both sides is not counted.
_ = Run(1);
(List<long> times, int failed, double took) = Run(seconds);
times.Sort();
double Millis(double part) => times.Count == 0 ? 0 : Stopwatch.GetElapsedTime(0, times[(int)(part * (times.Count - 1))]).TotalMilliseconds;
Console.WriteLine(string.Create(
    System.Globalization.CultureInfo.InvariantCulture,
    $$"""{"connections":{{connections}},"answers":{{times.Count}},"failed":{{failed}}"""
    + $$""","perSecond":{{times.Count / took:0}},"p50ms":{{Millis(0.5):0.000}},"p99ms":{{Millis(0.99):0.000}}}"""));
return failed == 0 ? 0 : 1;

(List<long> Times, int Failed, double Took) Run(double seconds)
{
    long start = Stopwatch.GetTimestamp(), end = start + (long)(seconds * Stopwatch.Frequency);
    Client[] all = [.. Enumerable.Range(0, connections).Select(_ => new Client(target, request))];
    Dictionary<Socket, Client> open = [];
    List<Socket> ready = [];
    while (true)
    {
        bool isOver = Stopwatch.GetTimestamp() >= end;
        foreach (Client client in all) if (!client.IsUnderWay && !isOver && client.Send() is { } socket) open[socket] = client;
        ready.Clear();
        foreach (Client client in all) if (client.IsUnderWay) ready.Add(client.Socket!);
        if (ready.Count == 0)
        {
            if (isOver) break;
            continue;
        }
        Socket.Select(ready, null, null, patience);
        if (ready.Count == 0) throw new TimeoutException("No answer came for ten seconds.");
        foreach (Socket socket in ready) open[socket].Receive();
    }
    foreach (Client client in all) client.Dispose();
    return ([.. all.SelectMany(one => one.Times)], all.Sum(one => one.Failed), Stopwatch.GetElapsedTime(start).TotalSeconds);
}

/// <summary>One connection: a request, its answer, the next.</summary>
internal sealed class Client(IPEndPoint target, byte[] request) : IDisposable
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private long _start, _end;
    private int _filled, _head;

    public List<long> Times { get; } = [];

    public int Failed { get; private set; }

    public Socket? Socket { get; private set; }

    /// <summary>Whether an answer is still to come.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Sends the request. Gives the socket where it is a new one.</summary>
    public Socket? Send()
    {
        (_start, _filled, _head, _end) = (Stopwatch.GetTimestamp(), 0, -1, long.MaxValue);
        bool isNew = Socket is null;
        try
        {
            if (Socket is null)
            {
                Socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                Socket.Connect(target);
            }
            Socket.Send(request);
            IsUnderWay = true;
        }
        catch (SocketException)
        {
            Fail();
        }
        return isNew ? Socket : null;
    }

    /// <summary>Takes what has come.</summary>
    public void Receive()
    {
        try
        {
            int read = Socket!.Receive(_buffer.AsSpan(_filled));
            _filled += read;
            if (_head < 0) FindHead();
            if (_filled < _end && read > 0) return;
            // Without a length the answer ends with the connection.
            if (read == 0 && (_head < 0 || _end != long.MaxValue)) Fail();
            else Finish(read > 0 && !Has("\r\nConnection: close"u8, _head));
        }
        catch (SocketException)
        {
            Fail();
        }
    }

    public void Dispose() => Socket?.Dispose();

    private void FindHead()
    {
        int end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8);
        if (end < 0) return;
        _head = end + 4;
        long length = Length(_head);
        if (length != long.MaxValue) _end = _head + length;
    }

    private void Finish(bool stays)
    {
        IsUnderWay = false;
        Times.Add(Stopwatch.GetTimestamp() - _start);
        if (Status() != 200) Failed++;
        if (!stays) Close();
    }

    private void Fail()
    {
        IsUnderWay = false;
        Failed++;
        Close();
    }

    private void Close()
    {
        Socket?.Dispose();
        Socket = null;
    }

    private int Status() => Utf8Parser.TryParse(_buffer.AsSpan(9, 3), out int status, out _) ? status : 0;

    private bool Has(ReadOnlySpan<byte> text, int head) =>
        Encoding.ASCII.GetString(_buffer, 0, head).Contains(Encoding.ASCII.GetString(text), StringComparison.OrdinalIgnoreCase);

    private long Length(int head)
    {
        ReadOnlySpan<byte> name = "\r\nContent-Length: "u8;
        int at = _buffer.AsSpan(0, head).IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(_buffer.AsSpan(at + name.Length), out long length, out _) ? length : long.MaxValue;
    }
}
