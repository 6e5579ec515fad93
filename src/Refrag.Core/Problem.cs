namespace Refrag;

/// <summary>
/// A user's mistake, as a value: what is wrong, where, why, and what to do about it. Problems are collected and reported all at once;
/// exceptions are for bugs and for failures of remote systems.
/// </summary>
public sealed record Problem
{
    /// <summary>
    /// A stable code, <c>RF</c> and four digits. RF1xxx composition, RF2xxx jobs and targeting, RF3xxx AWS, RF4xxx the embedded engine,
    /// RF5xxx the command line, RF6xxx infrastructure, RF7xxx apps, RF8xxx code, results, notifications, shells and
    /// the history.
    /// </summary>
    public required string Code { get; init; }

    /// <summary>What is wrong, in one sentence without a final full stop.</summary>
    public required string What { get; init; }

    /// <summary>Why it is wrong, where <see cref="What"/> does not say so already.</summary>
    public string? Cause { get; init; }

    /// <summary>What the user can do, as a sentence or a command.</summary>
    public required string Cure { get; init; }

    /// <summary>Where the mistake stands; null if there is no place to point at.</summary>
    public Place? Place { get; init; }

    /// <summary>One line: code, sentence and cure. <see cref="ProblemText.Render(Problem)"/> gives the full form with the place.</summary>
    public override string ToString() => $"{Code} {What}. {Cure}";
}
