using System.Globalization;
using Refrag.Server.Fuzz.Http;

namespace Refrag.Server.Fuzz.Running;

/// <summary>What the workers of one part share.</summary>
internal sealed class PartState(ServedProcess server, Stalls stalls, TimeSpan late, string log)
{
    private const int MostRecent = 12;
    private const string Stopped = "the engine has stopped";
    private readonly Queue<byte[]> _recent = [];
    private long _sent;
    private volatile bool _isOver;

    public ServedProcess Server => server;

    public Findings Findings { get; } = new();

    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Whether the requests ended early, because the server hung or its engine stopped.</summary>
    public bool IsOver => _isOver;

    /// <summary>The last requests: one of them is the cause if the server ends.</summary>
    public IReadOnlyList<byte[]> Recent
    {
        get
        {
            lock (_recent) return [.. _recent];
        }
    }

    public void Count() => Interlocked.Increment(ref _sent);

    /// <summary>Whether another request makes sense.</summary>
    public bool GoesOn(CancellationToken cancellationToken) => !_isOver && !cancellationToken.IsCancellationRequested && server.IsAlive;

    /// <summary>Judges an answer.</summary>
    public void Judge(string name, byte[] request, Answer answer, long start)
    {
        if (_isOver) return;
        Remember(request);
        TimeSpan took = TimeProvider.System.GetElapsedTime(start);
        if (took > late && took - stalls.Since(start) is var own && own > late)
            Findings.Add(
                new Finding("late", $"late {name}", request,
                    string.Create(CultureInfo.InvariantCulture,
                        $"{took.TotalSeconds:0.0} s, {own.TotalSeconds:0.0} s without the machine's stalls")));
        // Of HTTP: a transfer coding or a version that the server does not have.
        if (answer.Status >= 500 && answer.Text.Contains(Stopped, StringComparison.Ordinal))
        {
            End(new Finding("ended", "ended", request, answer.Text));
            return;
        }
        bool isFault = answer.Status >= 500 && !(name == "HTTP" && answer.Status is 501 or 505);
        if (isFault)
            Findings.Add(
                new Finding(
                    "5xx", $"{answer.Status} {name} {Cause(answer)}", request, $"{answer.Status} {answer.Text}\n    {Cause(answer)}"));
        if (answer.Status == 0 && server.IsAlive)
            Findings.Add(new Finding("no answer", $"no answer {name}", request, "the connection ended"));
        else if (answer.Status == 0) End(new Finding("ended", "ended", request, "the process ended"));
    }

    /// <summary>A request that was not answered at all: the others would wait as long.</summary>
    public void Hang(string name, byte[] request, TimeSpan limit) =>
        End(new Finding(
            "late", $"hang {name}", request, string.Create(CultureInfo.InvariantCulture, $"no answer after {limit.TotalSeconds} s")));

    private void End(Finding finding)
    {
        _isOver = true;
        Findings.Add(finding);
    }

    private void Remember(byte[] request)
    {
        lock (_recent)
        {
            _recent.Enqueue(request);
            if (_recent.Count > MostRecent) _recent.Dequeue();
        }
    }

    // The exception that the log has for a request.
    private string Cause(Answer answer)
    {
        if (answer.Header("x-amzn-RequestId") is not { } id) return "";
        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            int at = line.IndexOf(id, StringComparison.Ordinal);
            if (at >= 0) return $"{line[(at + id.Length)..].Split(": ", 2)[^1]} {reader.ReadLine()?.Trim()}";
        }
        return "";
    }
}
