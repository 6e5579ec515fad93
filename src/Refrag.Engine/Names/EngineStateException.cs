namespace Refrag.Engine.Names;

/// <summary>The engine's stored state cannot be used: another engine holds it, it is newer than this program, or it is damaged.</summary>
/// <param name="problem">What is wrong and what to do, code RF4010 to RF4019.</param>
/// <param name="inner">The fault below, where there is one.</param>
public sealed class EngineStateException(Problem problem, Exception? inner = null) : Exception(problem.ToString(), inner)
{
    /// <summary>What is wrong and what to do.</summary>
    public Problem Problem { get; } = problem;
}
