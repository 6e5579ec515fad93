namespace Refrag.Runners.Attempts;

/// <summary>What runs attempts here, what it can enforce, and what it cannot.</summary>
public sealed record RunnerReport
{
    /// <summary>Which runner it is.</summary>
    public required RunnerKind Kind { get; init; }

    /// <summary>Why it was chosen and where it is, as one sentence.</summary>
    public required string Summary { get; init; }

    /// <summary>What it does and does not do for a job, one sentence each: memory limits, CPU shares, adoption after a restart.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Whether attempts keep running when the engine ends, and are found again by the next.</summary>
    public bool Survives { get; init; }
}

/// <summary>How attempts are run.</summary>
public enum RunnerKind
{
    /// <summary>As a child process on this machine.</summary>
    Process,

    /// <summary>In a container, by a Docker Engine API.</summary>
    Container,

    /// <summary>Simulated: a duration and an exit code.</summary>
    Simulated,
}
