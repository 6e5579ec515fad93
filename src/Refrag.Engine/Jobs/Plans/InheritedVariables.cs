using Refrag.Engine.Options;

namespace Refrag.Engine.Jobs.Plans;

/// <summary>
/// What jobs get of the engine's own environment. On AWS that is nothing; a process needs besides where programs are, where its user's
/// files are, and a locale.
/// </summary>
internal sealed class InheritedVariables(LocalBatchOptions options)
{
    private const string LocalePrefix = "LC_";
    private const string Locale = "LANG";
    private const string UsualLocale = "C.UTF-8";
    private static readonly string[] s_needed = ["PATH", "HOME", Locale];

    /// <summary>Those of a job that is a process.</summary>
    public IReadOnlyDictionary<string, string> OfProcesses { get; } = options.PassedVariables is { } names
        ? Needed(options.Variables, names)
        : options.Variables;

    /// <summary>Those of a job in a container, or of a simulated one.</summary>
    public IReadOnlyDictionary<string, string> OfContainers { get; } = Named(options.Variables, options.PassedVariables ?? []);

    private static Dictionary<string, string> Needed(IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> names)
    {
        Dictionary<string,
            string> needed =
                Named(variables,
                    [.. s_needed, .. variables.Keys.Where(name => name.StartsWith(LocalePrefix, StringComparison.Ordinal)), .. names]);
        needed.TryAdd(Locale, UsualLocale);
        return needed;
    }

    private static Dictionary<string, string> Named(IReadOnlyDictionary<string, string> variables, IReadOnlyList<string> names) =>
        variables.Where(pair => names.Contains(pair.Key)).ToDictionary();
}
