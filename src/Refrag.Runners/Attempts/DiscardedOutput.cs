namespace Refrag.Runners.Attempts;

/// <summary>Takes output that nobody wants.</summary>
internal sealed class DiscardedOutput : IOutputSink
{
    /// <summary>The one there is.</summary>
    public static DiscardedOutput Instance { get; } = new();

    /// <inheritdoc/>
    public void Write(OutputLine line)
    {
        // That is all.
    }
}
