using System.Text;

namespace Refrag.ShippedApps.Tests;

/// <summary>Takes an app's lines and lets a test wait for one.</summary>
internal sealed class LineLog : TextWriter
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(Predicate<string> Wanted, TaskCompletionSource<string> Seen)> _waiting = [];

    /// <summary>Is called with each line, after it was taken.</summary>
    public Action<string>? OnLine { get; init; }

    public override Encoding Encoding => Encoding.UTF8;

    public IReadOnlyList<string> Lines
    {
        get { lock (_lock) return [.. _lines]; }
    }

    public string Text => string.Join('\n', Lines);

    public override void WriteLine(string? value)
    {
        string line = value ?? "";
        lock (_lock)
        {
            _lines.Add(line);
            foreach ((Predicate<string> wanted, TaskCompletionSource<string> seen) in _waiting)
            {
                if (wanted(line)) seen.TrySetResult(line);
            }
        }
        OnLine?.Invoke(line);
    }

    public override Task WriteLineAsync(ReadOnlyMemory<char> buffer, CancellationToken cancellationToken = default)
    {
        WriteLine(buffer.ToString());
        return Task.CompletedTask;
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }

    /// <summary>The first line that has the text, now or later.</summary>
    public Task<string> WaitForAsync(string text)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiting.Add((line => line.Contains(text), seen));
            if (_lines.Find(line => line.Contains(text)) is { } line) seen.TrySetResult(line);
        }
        return seen.Task.Soon();
    }
}
