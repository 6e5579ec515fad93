namespace Refrag.Runners.Attempts;

/// <summary>
/// What a program that supervises another has to know, as <c>refrag exec</c> of a job with a store for results: a signal of this
/// runner reaches both of them, and would reach the other twice if it were passed on. A container's signal reaches its first process alone.
/// </summary>
public static class GroupSignals
{
    /// <summary>The variable, which is set if signals go to the process group.</summary>
    public const string Variable = "REFRAG_GROUP_SIGNALS";

    /// <summary>The variable of jobs that are supervised; others do not get <see cref="Variable"/>.</summary>
    public const string Supervised = "REFRAG_RESULTS";

    /// <summary>The environment of a process, with the variable if it needs it.</summary>
    public static IReadOnlyDictionary<string, string> AddTo(IReadOnlyDictionary<string, string> environment) =>
        environment.ContainsKey(Supervised)
            ? new Dictionary<string, string>(environment, StringComparer.Ordinal) { [Variable] = "1" }
            : environment;
}
