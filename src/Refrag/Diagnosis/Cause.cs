namespace Refrag.Diagnosis;

/// <summary>How sure a cause is.</summary>
public enum Confidence
{
    /// <summary>It would explain what is seen, as other things would.</summary>
    Possible,

    /// <summary>It explains what is seen, and little else does.</summary>
    Likely,

    /// <summary>It follows from what Batch says.</summary>
    Certain,
}

/// <summary>Why a job waits, failed or would not start.</summary>
/// <param name="Code">Its stable name, such as <c>queue-disabled</c>.</param>
/// <param name="What">The cause in one sentence without a final full stop.</param>
/// <param name="Confidence">How sure it is.</param>
/// <param name="Evidence">What shows it: values, and words of Batch's.</param>
/// <param name="Cures">What helps, the best first; empty where only waiting does.</param>
public sealed record Cause(string Code, string What, Confidence Confidence, IReadOnlyList<Evidence> Evidence, IReadOnlyList<Cure> Cures);

/// <summary>Something that helps.</summary>
/// <param name="Text">What to do, in one sentence without a final full stop.</param>
/// <param name="Command">The command that does it; null if there is none.</param>
public sealed record Cure(string Text, string? Command = null)
{
    /// <summary>
    /// The state after <see cref="Command"/>, which does in Batch all that is said of it; null if that is not known.
    /// </summary>
    internal Func<Situation, Situation>? Changed { get; init; }

    /// <summary>
    /// The state after advice has worked that no command of Batch's follows; what is then still in the way is reported, never that the job
    /// would start.
    /// </summary>
    internal Func<Situation, Situation>? Assumed { get; init; }

    /// <summary>
    /// What checking it on the changed state gave: <c>checked: it would start</c> for a command that Batch takes, or what would still be in
    /// its way; null if it was not checked.
    /// </summary>
    public string? Checked { get; init; }
}

/// <summary>The answer to why.</summary>
/// <param name="Causes">What was found, the surest first; of equally sure ones that which comes first on a job's way.</param>
/// <param name="Summary">What is the matter in one sentence, also where nothing is.</param>
/// <param name="NotChecked">Which checks could not be made, and why.</param>
public sealed record Diagnosis(IReadOnlyList<Cause> Causes, string Summary, IReadOnlyList<string> NotChecked)
{
    /// <summary>Whether nothing is wrong, as far as could be checked.</summary>
    public bool IsHealthy => Causes.Count == 0;
}
