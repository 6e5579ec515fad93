using Refrag.Aws.Events;

namespace Refrag.Engine.Tests;

/// <summary>Keeps the events of the engine.</summary>
internal sealed class KeptEvents : IEventSink
{
    private readonly Lock _lock = new();
    private readonly List<BatchEvent> _taken = [];

    public bool IsWanted => true;

    public IReadOnlyList<BatchEvent> Taken
    {
        get
        {
            lock (_lock) return [.. _taken];
        }
    }

    public void Publish(BatchEvent one)
    {
        lock (_lock) _taken.Add(one);
    }
}
