namespace Refrag.Engine.Runners;

/// <summary>Takes an attempt's output, line by line.</summary>
internal interface IOutputSink
{
    /// <summary>Takes one line. Returns at once, whatever the readers do: a job never waits for who watches it.</summary>
    void Write(OutputLine line);
}

/// <summary>One line of output.</summary>
/// <param name="Time">When it was read.</param>
/// <param name="Source">Which of the two streams it came from.</param>
/// <param name="Text">The line without its line break.</param>
internal readonly record struct OutputLine(DateTimeOffset Time, OutputSource Source, string Text);

/// <summary>The stream that a line came from.</summary>
public enum OutputSource
{
    /// <summary>Standard output.</summary>
    Out,

    /// <summary>Standard error.</summary>
    Error,
}
