using System.Collections;

namespace Refrag.Apps;

/// <summary>The process that an app runs in, as values.</summary>
public sealed record ExecHost
{
    /// <summary>The environment, by name.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The current directory.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>Standard output.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Standard error.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// Where relative paths of what an app writes start: <c>REFRAG_OUTPUT_DIR</c>, or else <see cref="WorkingDirectory"/>.
    /// </summary>
    public string OutputDirectory =>
        Environment.GetValueOrDefault(BatchVariables.OutputDirectory) is { Length: > 0 } given
            ? Path.Combine(WorkingDirectory, given)
            : WorkingDirectory;

    /// <summary>This very process.</summary>
    public static ExecHost OfThisProcess() => new()
    {
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string)entry.Value!, StringComparer.Ordinal),
        WorkingDirectory = Directory.GetCurrentDirectory(),
        Output = Console.Out,
        Error = Console.Error,
    };

    internal AppRun RunOf(AppConfig config, Worker worker) => new()
    {
        Config = config,
        Worker = worker,
        Output = Output,
        Error = Error,
        Time = Time,
        WorkingDirectory = WorkingDirectory,
        OutputDirectory = OutputDirectory,
    };
}
