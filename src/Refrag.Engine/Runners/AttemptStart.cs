namespace Refrag.Engine.Runners;

/// <summary>What a runner needs to start one attempt.</summary>
internal sealed record AttemptStart
{
    /// <summary>The program and its arguments; at least one element. No shell takes it apart.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The whole environment: nothing is inherited beside it.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The directory the program starts in.</summary>
    public required string WorkingDirectory { get; init; }
}

/// <summary>How an attempt ended.</summary>
/// <param name="ExitCode">The program's exit code, 128 + n where signal n ended it; null where it cannot be known.</param>
/// <param name="Reason">What the exit code does not say, in AWS's words where AWS has some; null where there is nothing to add.</param>
/// <param name="Started">Whether the program ran at all.</param>
internal sealed record AttemptExit(int? ExitCode, string? Reason = null, bool Started = true);
