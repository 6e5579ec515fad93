namespace Refrag.Slurm.Explaining;

/// <summary>Why a job waits, has failed or would never start.</summary>
/// <param name="Code">Its stable name, such as <c>time-limit-too-long</c>.</param>
/// <param name="What">The cause in one sentence without a final full stop.</param>
/// <param name="IsCertain">Whether it follows from what Slurm says.</param>
/// <param name="Evidence">What shows it.</param>
/// <param name="Cures">What helps, with the command or the override that does it; empty where only waiting does.</param>
public sealed record SlurmCause(
    string Code, string What, bool IsCertain, IReadOnlyList<string> Evidence, IReadOnlyList<(string Text, string? Command)> Cures)
{
    /// <summary>The key of env that says it; null if none does.</summary>
    public string? Key { get; init; }
}
