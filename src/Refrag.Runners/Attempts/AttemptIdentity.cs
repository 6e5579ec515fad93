using System.Diagnostics.CodeAnalysis;

namespace Refrag.Runners.Attempts;

/// <summary>
/// Names one attempt of one node forever. The engine makes it, and writes it down, before the attempt starts; the runner keeps under it
/// what it needs to find the attempt again (process id and start time, or a container's label), so that a start that the engine did not
/// live to hear about is found too.
/// </summary>
internal sealed record AttemptIdentity
{
    private const int Longest = 128;

    /// <summary>Makes one.</summary>
    /// <param name="key">1 to 128 letters, digits, hyphens and underscores; otherwise <see cref="ArgumentException"/>, for it names a
    /// folder and a label.</param>
    public AttemptIdentity(string key)
    {
        if (!IsOne(key))
            throw new ArgumentException($"\"{key}\" cannot name an attempt.", nameof(key));
        Key = key;
    }

    /// <summary>The name; unique among all attempts that this state ever had, such as a task's id.</summary>
    public string Key { get; }

    /// <summary>Makes one of a name that may be anything; false if it cannot name an attempt.</summary>
    public static bool TryParse(string key, [NotNullWhen(true)] out AttemptIdentity? identity)
    {
        identity = IsOne(key) ? new AttemptIdentity(key) : null;
        return identity is not null;
    }

    private static bool IsOne(string key) =>
        key.Length is > 0 and <= Longest && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
