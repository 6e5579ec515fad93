using Refrag.Aws.Batch;
namespace Refrag.Cli.Terminal;

/// <summary>What a colour means. Without colours nothing is lost, for the words say the same.</summary>
internal enum Tone
{
    Plain,

    /// <summary>In order, done.</summary>
    Good,

    /// <summary>Waits or is in doubt.</summary>
    Doubtful,

    /// <summary>Broken, failed.</summary>
    Bad,

    /// <summary>Of less weight.</summary>
    Dim,
}

/// <summary>A cell of a table.</summary>
internal readonly record struct Cell(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Cell(string text) => new(text);

    /// <summary>The text of a line, without colours.</summary>
    public static string TextOf(IEnumerable<Cell> line) => string.Concat(line.Select(part => part.Text));

    /// <summary>The text in its colour.</summary>
    public static string Paint(string text, Tone tone) => tone switch
    {
        Tone.Good => $"\u001b[32m{text}\u001b[0m",
        Tone.Doubtful => $"\u001b[33m{text}\u001b[0m",
        Tone.Bad => $"\u001b[31m{text}\u001b[0m",
        Tone.Dim => $"\u001b[2m{text}\u001b[0m",
        _ => text,
    };

    /// <summary>A job's state with its meaning.</summary>
    public static Cell Status(string? status) => new(status ?? "", status switch
    {
        JobStatus.Succeeded or JobStatus.Running => Tone.Good,
        JobStatus.Failed => Tone.Bad,
        JobStatus.Runnable or JobStatus.Pending => Tone.Doubtful,
        _ => Tone.Plain,
    });

    /// <summary>A verdict with its meaning.</summary>
    public static Cell Health(Monitoring.Health health) => new(health.Word, health.Level switch
    {
        Monitoring.HealthLevel.Good => Tone.Good,
        Monitoring.HealthLevel.Doubtful => Tone.Doubtful,
        _ => Tone.Bad,
    });
}
