namespace Refrag.Runners.Attempts;

/// <summary>Takes an attempt's output, line by line.</summary>
internal interface IOutputSink
{
    /// <summary>Takes one line. Returns at once, whatever the readers do: a job never waits for who watches it.</summary>
    void Write(OutputLine line);

    /// <summary>Says that the lines so far belong together and no other comes this moment: what is kept on disk is written now.</summary>
    void Flush()
    {
        // What is kept in memory only has nothing to do.
    }

    /// <summary>Takes what the attempt has used so far. Whoever wants none of it does nothing.</summary>
    void Report(AttemptUsage usage)
    {
        // Only output is wanted.
    }

    /// <summary>
    /// The <see cref="OutputLine.Cursor"/> of the last line of a stream that is safely kept; 0 if there is none. An attempt that is
    /// adopted continues after it.
    /// </summary>
    long ResumeAt(OutputSource source) => 0;
}

/// <summary>One line of output.</summary>
/// <param name="Time">When it was read, or printed, where that is known.</param>
/// <param name="Source">Which of the two streams it came from.</param>
/// <param name="Text">The line without its line break.</param>
/// <param name="Cursor">
/// Where the runner continues after this line: it means something to the runner alone and only grows. 0 where the runner cannot continue.
/// </param>
internal readonly record struct OutputLine(DateTimeOffset Time, OutputSource Source, string Text, long Cursor = 0);

/// <summary>The stream that a line came from.</summary>
public enum OutputSource
{
    /// <summary>Standard output.</summary>
    Out,

    /// <summary>Standard error.</summary>
    Error,
}
