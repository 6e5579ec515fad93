using System.Collections.Concurrent;
using Refrag.Runners.Attempts;

namespace Refrag.Testing;

/// <summary>Keeps the lines, and reports when one with a given text has come.</summary>
internal sealed class CollectedOutput : IOutputSink
{
    private readonly ConcurrentQueue<OutputLine> _lines = new();
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = new();

    public IReadOnlyList<OutputLine> Lines => [.. _lines];

    public IReadOnlyList<string> Out => [.. _lines.Where(line => line.Source is OutputSource.Out).Select(line => line.Text)];

    public IReadOnlyList<string> Error => [.. _lines.Where(line => line.Source is OutputSource.Error).Select(line => line.Text)];

    public void Write(OutputLine line)
    {
        _lines.Enqueue(line);
        _first.TrySetResult();
        if (_awaited.TryGetValue(line.Text, out TaskCompletionSource? source)) source.TrySetResult();
    }

    public Task SeenAny() => _first.Task.Soon();

    public Task Seen(string text)
    {
        TaskCompletionSource source = _awaited.GetOrAdd(text, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (_lines.Any(line => line.Text == text)) source.TrySetResult();
        return source.Task.Soon();
    }
}
