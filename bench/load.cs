// Sends one and the same HTTP request over and over, on a number of connections, and prints how many answers came a second and how long they took:
//
//     dotnet run bench/load.cs -- HOST PORT REQUEST-FILE CONNECTIONS SECONDS
//
// REQUEST-FILE holds the request's bytes, head and body, as they go over the wire. A server that closes the connection is connected to again. Prints JSON.
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
double seconds = double.Parse(args[4], System.Globalization.CultureInfo.InvariantCulture);

// A second to warm up both sides is not counted.
await RunAsync(TimeSpan.FromSeconds(1));
(List<long> times, int failed, double took) = await RunAsync(TimeSpan.FromSeconds(seconds));
times.Sort();
double Millis(double part) => times.Count == 0 ? 0 : Stopwatch.GetElapsedTime(0, times[(int)(part * (times.Count - 1))]).TotalMilliseconds;
Console.WriteLine(string.Create(
    System.Globalization.CultureInfo.InvariantCulture,
    $$"""{"connections":{{connections}},"answers":{{times.Count}},"failed":{{failed}},"perSecond":{{times.Count / took:0}},"p50ms":{{Millis(0.5):0.000}},"p99ms":{{Millis(0.99):0.000}}}"""));
return failed == 0 ? 0 : 1;

async Task<(List<long> Times, int Failed, double Took)> RunAsync(TimeSpan time)
{
    long start = Stopwatch.GetTimestamp();
    using var end = new CancellationTokenSource(time);
    var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => new Client(target, request).RunAsync(end.Token))));
    return ([.. all.SelectMany(one => one.Times)], all.Sum(one => one.Failed), Stopwatch.GetElapsedTime(start).TotalSeconds);
}

/// <summary>One connection: a request, its answer, the next.</summary>
internal sealed class Client(IPEndPoint target, byte[] request)
{
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly List<long> _times = [];
    private int _failed;

    public async Task<(List<long> Times, int Failed)> RunAsync(CancellationToken end)
    {
        Socket? socket = null;
        while (!end.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                if (socket is null)
                {
                    socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                    await socket.ConnectAsync(target, CancellationToken.None);
                }
                await socket.SendAsync(request, CancellationToken.None);
                (int status, bool stays) = await AnswerAsync(socket);
                _times.Add(Stopwatch.GetTimestamp() - start);
                if (status != 200) _failed++;
                if (stays) continue;
            }
            catch (SocketException)
            {
                _failed++;
            }
            socket?.Dispose();
            socket = null;
        }
        socket?.Dispose();
        return (_times, _failed);
    }

    private async Task<(int Status, bool Stays)> AnswerAsync(Socket socket)
    {
        int filled = 0, head = -1;
        long length = long.MaxValue;
        bool stays = true;
        while (head < 0 || filled < head + length)
        {
            int read = await socket.ReceiveAsync(_buffer.AsMemory(filled), CancellationToken.None);
            if (read == 0) return (head < 0 ? 0 : Status(), false);
            filled += read;
            if (head >= 0 || (head = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0) continue;
            head += 4;
            stays = !Has("\r\nConnection: close"u8, head);
            length = Length(head);
        }
        return (Status(), stays);
    }

    private int Status() => Utf8Parser.TryParse(_buffer.AsSpan(9, 3), out int status, out _) ? status : 0;

    private bool Has(ReadOnlySpan<byte> text, int head) => Encoding.ASCII.GetString(_buffer, 0, head).Contains(Encoding.ASCII.GetString(text), StringComparison.OrdinalIgnoreCase);

    // Without a length the answer ends with the connection.
    private long Length(int head)
    {
        ReadOnlySpan<byte> name = "\r\nContent-Length: "u8;
        int at = _buffer.AsSpan(0, head).IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(_buffer.AsSpan(at + name.Length), out long length, out _) ? length : long.MaxValue;
    }
}
