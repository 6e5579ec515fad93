using System.Collections.Concurrent;
using Refrag.Composition.Composing;
using Refrag.Composition.Schemas;
using Refrag.Composition.Search;

namespace Refrag.Composition;

/// <summary>
/// Composes configurations from a search path and overrides. Directories are listed and files are read once for the composer's life, so
/// keep one for many compositions and make a new one when files have changed. Safe for several threads at once.
/// </summary>
public sealed class Composer
{
    private readonly ComposerOptions _options;
    private readonly SourceCache _sources;
    private readonly ConcurrentDictionary<string, SchemaFile?> _schemas;
    private readonly Lazy<bool> _filesUseHydra;

    /// <summary>Makes a composer.</summary>
    /// <param name="searchPath">Where files are looked for.</param>
    /// <param name="options">What else there is to say; null for the defaults.</param>
    public Composer(SearchPath searchPath, ComposerOptions? options = null)
    {
        options ??= new ComposerOptions();
        (SearchPath, _sources, _schemas) = (searchPath, new SourceCache(), new(StringComparer.Ordinal));
        _filesUseHydra = new Lazy<bool>(() => HydraSource.IsUsedIn(searchPath));
        _options = options with { Resolvers = HydraResolvers.WithNow(options.Resolvers, options.Clock.GetLocalNow()) };
    }

    private Composer(Composer other, JobFacts job)
    {
        (SearchPath, _sources, _schemas, _filesUseHydra) = (other.SearchPath, other._sources, other._schemas, other._filesUseHydra);
        _options = other._options with { Job = job };
    }

    /// <summary>Where files are looked for.</summary>
    public SearchPath SearchPath { get; }

    /// <summary>The job that is composed for, for <c>${hydra:job.name}</c> and the like; null for none.</summary>
    public JobFacts? Job => _options.Job;

    /// <summary>A composer for a job. It shares what this one has read, and its time: make one for each job of a sweep.</summary>
    public Composer For(JobFacts job) => new(this, job);

    /// <summary>Composes a configuration for one job.</summary>
    /// <param name="configName">The primary file without <c>.yaml</c>, as <c>config</c>; null for none.</param>
    /// <param name="overrides">The arguments, in order: <c>db=mysql</c>, <c>db.port=3307</c>, <c>+new=1</c>, <c>~old</c>.</param>
    /// <returns>The composition, or every mistake that the arguments and the files have.</returns>
    public Result<Composition> Compose(string? configName, IReadOnlyList<string> overrides) =>
        Compose(configName, overrides, ComposeMode.Run);

    /// <summary>Composes a configuration.</summary>
    /// <param name="configName">The primary file without <c>.yaml</c>, as <c>config</c>; null for none.</param>
    /// <param name="overrides">The arguments, in order.</param>
    /// <param name="mode">What the composition is for.</param>
    /// <returns>The composition, or every mistake that the arguments and the files have.</returns>
    public Result<Composition> Compose(string? configName, IReadOnlyList<string> overrides, ComposeMode mode) =>
        Check(configName, overrides, mode).TryGet(out CheckedComposition? composed, out IReadOnlyList<Problem> problems)
        && (problems = composed.SchemaProblems).Count == 0
            ? composed.Composition
            : Result<Composition>.Failure(problems);

    /// <summary>
    /// Composes a configuration even if schemas reject values of it, so that a program can report what else is wrong with it.
    /// </summary>
    /// <param name="configName">The primary file without <c>.yaml</c>, as <c>config</c>; null for none.</param>
    /// <param name="overrides">The arguments, in order.</param>
    /// <param name="mode">What the composition is for.</param>
    /// <returns>The composition and what schemas reject, or every mistake that the arguments and the files have.</returns>
    public Result<CheckedComposition> Check(string? configName, IReadOnlyList<string> overrides, ComposeMode mode = ComposeMode.Run)
    {
        return Run(overrides).Compose(configName, overrides, mode);
    }

    /// <summary>Expands the defaults lists alone: which files would be merged, in which order and where, without merging them.</summary>
    /// <param name="configName">The primary file without <c>.yaml</c>; null for none.</param>
    /// <param name="overrides">The arguments, in order.</param>
    /// <param name="mode">What the composition would be for.</param>
    public Result<ExpandedDefaults> ExpandDefaults(string? configName, IReadOnlyList<string> overrides, ComposeMode mode = ComposeMode.Run)
    {
        return Run(overrides).ExpandDefaults(configName, overrides, mode);
    }

    /// <summary>The groups directly below a group, sorted.</summary>
    /// <param name="parent">The group to look in; empty for the root.</param>
    public IReadOnlyList<string> Groups(string parent = "") => Repository().Groups(parent);

    /// <summary>The options of a group, sorted; empty if there is no such group.</summary>
    public IReadOnlyList<string> Options(string group) => Repository().Options(group);

    private ComposeRun Run(IReadOnlyList<string> overrides)
    {
        HydraPart part = _options.Hydra;
        if (part == HydraPart.WhereUsed)
            part = _filesUseHydra.Value || overrides.Any(HydraSource.IsNamedIn) ? HydraPart.BuiltIn : HydraPart.None;
        return new ComposeRun(_options with { Hydra = part }, BaseSources(part), _sources, _schemas);
    }

    private ConfigRepository Repository() => new(BaseSources(_options.Hydra));

    private List<SourceIndex> BaseSources(HydraPart part)
    {
        IEnumerable<SearchSource> sources = part == HydraPart.BuiltIn
            ? [HydraSource.Instance, .. SearchPath.Sources]
            : SearchPath.Sources;
        return [.. sources.Select(_sources.Of)];
    }
}
