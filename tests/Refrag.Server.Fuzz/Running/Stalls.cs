using System.Globalization;
using System.Runtime.InteropServices;
using Refrag.Server.Fuzz.Http;

namespace Refrag.Server.Fuzz.Running;

/// <summary>
/// How long the machine kept the server from answering anything at all: the time of a probe of <c>/healthz</c>, which waits for no
/// operation, and the time that a thread of the server waited for a processor. An answer is late only beyond that, because other work on
/// the machine is no fault of the server.
/// </summary>
internal sealed class Stalls(ServedProcess server)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private static readonly byte[] s_probe = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
    private readonly List<Sample> _samples = [];
    private Dictionary<string, long> _waits = new(StringComparer.Ordinal);

    /// <summary>Takes samples until it is cancelled.</summary>
    public async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var connection = new Connection(server.Address);
        using var timer = new PeriodicTimer(s_interval, TimeProvider.System);
        _waits = Waits();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                long start = TimeProvider.System.GetTimestamp();
                await connection.SendAsync(s_probe, end: false, cancellationToken);
                Add(start, TimeProvider.System.GetElapsedTime(start));
            }
        }
        catch (OperationCanceledException)
        {
            // The requests are over.
        }
    }

    /// <summary>How long the machine stalled since a moment.</summary>
    public TimeSpan Since(long timestamp)
    {
        lock (_samples)
        {
            TimeSpan probe = TimeSpan.Zero, waited = TimeSpan.Zero;
            for (int i = _samples.Count - 1; i >= 0 && _samples[i].End >= timestamp; i--)
            {
                if (_samples[i].Probe > probe) probe = _samples[i].Probe;
                waited += _samples[i].Waited;
            }
            return probe > waited ? probe : waited;
        }
    }

    private void Add(long start, TimeSpan probe)
    {
        Dictionary<string, long> now = Waits();
        long most = now.Select(pair => pair.Value - _waits.GetValueOrDefault(pair.Key)).DefaultIfEmpty(0).Max();
        _waits = now;
        lock (_samples) _samples.Add(
            new Sample(
                TimeProvider.System.GetTimestamp(), probe > s_interval ? probe : TimeSpan.Zero, TimeSpan.FromMicroseconds(most / 1000.0)));
    }

    // The second number of schedstat: nanoseconds in which the thread could have run and did not. (Documentation/scheduler/sched-stats)
    private Dictionary<string, long> Waits()
    {
        var waits = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            foreach (string thread in Directory.EnumerateDirectories($"/proc/{server.Pid}/task")) waits[thread] = Wait(thread);
        }
        catch (IOException)
        {
            // The server has ended, or the system keeps no such statistics.
        }
        return waits;
    }

    private static long Wait(string thread)
    {
        try
        {
            return long.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The thread has ended.
            return 0;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Sample(long End, TimeSpan Probe, TimeSpan Waited);
}
