namespace Refrag.Apps;

/// <summary>What one worker of an app is given.</summary>
public sealed record AppRun
{
    /// <summary>The app's own keys of the configuration, resolved.</summary>
    public required AppConfig Config { get; init; }

    /// <summary>This worker's place among the workers of its job.</summary>
    public required Worker Worker { get; init; }

    /// <summary>Where results and progress go, a line at a time.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Where problems and warnings go.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The clock; <see cref="TimeProvider.System"/> unless a test moves its own.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where relative paths of the user's input start: the directory the process was started in.</summary>
    public required string WorkingDirectory { get; init; }

    /// <summary>
    /// Where relative paths of what the app writes start: <c>REFRAG_OUTPUT_DIR</c>, or else <see cref="WorkingDirectory"/>.
    /// </summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Writes the problems to <see cref="Error"/> and gives <see cref="AppExitCodes.Refused"/>.</summary>
    public int Refuse(IReadOnlyList<Problem> problems) => Report(problems, AppExitCodes.Refused);

    /// <summary>Writes the problem to <see cref="Error"/> and gives <see cref="AppExitCodes.Failed"/>.</summary>
    public int Fail(Problem problem) => Report([problem], AppExitCodes.Failed);

    private int Report(IReadOnlyList<Problem> problems, int exitCode)
    {
        Error.WriteLine(ProblemText.Render(problems));
        return exitCode;
    }
}
