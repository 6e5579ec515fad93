namespace Refrag.Engine.Jobs.Tasks;

/// <summary>What is to happen to a task now.</summary>
/// <param name="Runs">Its containers, with what was decided of them noted.</param>
/// <param name="Start">Those that start.</param>
/// <param name="Stop">Those that are to stop, again and again until they have ended.</param>
/// <param name="Decider">The essential container whose end is the task's; null while none has ended.</param>
/// <param name="LookAt">When a container's wait for another is over, whatever happens; null if none is.</param>
internal sealed record TaskStep(
    IReadOnlyList<ContainerRun> Runs, IReadOnlyList<int> Start, IReadOnlyList<int> Stop, int? Decider, long? LookAt)
{
    /// <summary>Whether nothing of it runs or will.</summary>
    public bool HasEnded => Runs.All(run => run.HasEnded);
}
