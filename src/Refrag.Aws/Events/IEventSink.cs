namespace Refrag.Aws.Events;

/// <summary>Hears what happens in the engine.</summary>
public interface IEventSink
{
    /// <summary>
    /// Whether there is a listener now; false lets the engine leave out what only events need. Default: true. It may change at any time.
    /// </summary>
    bool IsWanted => true;

    /// <summary>
    /// Takes one event. Called by the engine's writer, in the order in which things happen and after they are in its state: it must return
    /// at once, and must not throw or call back.
    /// </summary>
    /// <param name="happened">What happened. Immutable.</param>
    void Publish(BatchEvent happened);
}
