using Refrag.Composition.Composing;
using Refrag.Composition.Overrides;
using Refrag.Composition.Schemas;
using Refrag.Composition.Tree;

namespace Refrag.Composition;

/// <summary>A composed configuration, and how it came about.</summary>
public sealed class Composition
{
    private readonly IReadOnlyList<Layer> _layers;
    private readonly ExpandedDefaults _defaults;
    private readonly ComposerOptions _options;

    internal Composition(
        string? configName, ConfigMapping config, IReadOnlyList<Layer> layers, ExpandedDefaults defaults, IReadOnlyList<Override> overrides,
        IReadOnlyList<PlacedSchema> schemas, OwnedKeys ownedKeys, IReadOnlyList<Problem> warnings, ComposerOptions options)
    {
        (ConfigName, Config, Overrides, Schemas) = (configName, config, overrides, schemas);
        (_layers, _defaults, _options) = (layers, defaults, options);
        (OwnedKeys, Warnings) = (ownedKeys, warnings);
    }

    /// <summary>The primary file without <c>.yaml</c>; null for none.</summary>
    public string? ConfigName { get; }

    /// <summary>The configuration with its interpolations as they were written.</summary>
    public ConfigMapping Config { get; }

    /// <summary>The overrides, in order, with other names replaced by the real ones.</summary>
    public IReadOnlyList<Override> Overrides { get; }

    /// <summary>
    /// Group → option, as <c>env</c> → <c>awsbatch</c>; the key is <c>group@package</c> where the package is not the group's own. Null for
    /// a group set to null.
    /// </summary>
    public IReadOnlyDictionary<string, string?> Choices => _defaults.Choices;

    /// <summary>The files in the order in which they were merged; the later one wins.</summary>
    public IReadOnlyList<ResolvedDefault> Defaults => _defaults.Items;

    /// <summary>The schemas that apply, for help.</summary>
    public IReadOnlyList<PlacedSchema> Schemas { get; }

    /// <summary>
    /// What is accepted, and most likely not what was meant: an added key that is nearly another one, an option that an optional group
    /// does not have, a file that seems to lack its package. Empty if there is nothing.
    /// </summary>
    public IReadOnlyList<Problem> Warnings { get; }

    internal OwnedKeys OwnedKeys { get; }

    internal HydraPart HydraPart => _options.Hydra;

    /// <summary>The configuration with every interpolation resolved, checked against its schemas.</summary>
    /// <param name="allowMissing">Whether values that are still <c>???</c> may stay so. By default each is a problem.</param>
    /// <returns>
    /// The resolved configuration, or every problem. Hydra's own part, where it is built in, stays as it was written: what it refers to is
    /// made when a job starts.
    /// </returns>
    public Result<ConfigMapping> Resolve(bool allowMissing = false)
    {
        var problems = new ProblemList();
        var resolved = new Resolution(this, _options, problems).Run();
        if (!allowMissing) CompositionCheck.CheckOpen(resolved, problems);
        return problems.Any ? Result<ConfigMapping>.Failure(problems.Items) : resolved;
    }

    /// <summary>
    /// The configuration with the interpolations of some keys resolved; the others stay as they were written. For a program that needs
    /// these alone: what another program's resolvers give elsewhere is no mistake.
    /// </summary>
    /// <param name="keys">The top-level keys.</param>
    /// <returns>The configuration, or every problem of these keys.</returns>
    public Result<ConfigMapping> ResolveKeys(IReadOnlyCollection<string> keys)
    {
        var problems = new ProblemList();
        var resolved = new Resolution(this, _options, problems, keys).Run();
        CompositionCheck.CheckOpen(resolved, problems);
        return problems.Any ? Result<ConfigMapping>.Failure(problems.Items) : resolved;
    }

    /// <summary>Who set a key, in order: files as they were merged, then overrides. Empty if the key was never set.</summary>
    /// <param name="key">The key, as <c>env.gpus</c>.</param>
    public IReadOnlyList<Explanation> Explain(string key) => Provenance.Explain(key, _layers, _defaults.ValueOverrides);

    /// <summary>Where the value of a key was written; null if the key is not there or a program made the value.</summary>
    /// <param name="key">The key, as <c>env.gpus</c>.</param>
    public Place? PlaceOf(string key) => ConfigOperations.Select(Config, key)?.Origin;

    /// <summary>What would go wrong later: values that must still be given, interpolations that cannot be resolved, keys that look like
    /// misspelt ones of a schema, overrides without effect.</summary>
    public IReadOnlyList<Problem> Check()
    {
        var problems = new ProblemList();
        CompositionCheck.CheckOpen(Config, problems);
        new Resolution(this, _options, problems).Run();
        new MisspeltKeys(problems).Check(Config, Schemas);
        CompositionCheck.CheckChosenTwice(Overrides, _defaults.ValueOverrides, problems);
        CompositionCheck.CheckOverridden(_defaults.ValueOverrides, problems);
        return problems.Items;
    }
}
