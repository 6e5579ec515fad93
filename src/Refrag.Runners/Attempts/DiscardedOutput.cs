namespace Refrag.Runners.Attempts;

/// <summary>Takes output that is not wanted.</summary>
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
