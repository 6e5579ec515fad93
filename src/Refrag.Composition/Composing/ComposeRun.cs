using System.Collections.Concurrent;
using Refrag.Composition.Defaults;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Overrides;
using Refrag.Composition.Schemas;
using Refrag.Composition.Search;
using Refrag.Composition.Sweeps;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>
/// One composition, from arguments to configuration. Each step continues with what it got, so that all mistakes are found at once.
/// </summary>
internal sealed class ComposeRun(
    ComposerOptions options, List<SourceIndex> sources, SourceCache cache, ConcurrentDictionary<string, SchemaFile?> schemas)
{
    private readonly ProblemList _problems = new();
    private readonly ProblemList _warnings = new();

    public Result<CheckedComposition> Compose(string? configName, IReadOnlyList<string> arguments, ComposeMode mode)
    {
        var (repository, overrides, defaults) = Expand(configName, arguments, mode);
        var resolvers = options.EffectiveResolvers;
        var layers = new LayerMaker(_problems).Make(defaults.Items);
        var merged = Layers.Merge(layers, resolvers, _problems);
        IReadOnlyList<PlacedSchema> placed = new SchemaLibrary(repository, schemas, options.Schemas, _problems).For(defaults.Items);
        var config = new OverrideApplier(repository, resolvers, defaults.BrokenPackages, placed, options.Reading, _problems)
            .Apply(merged, defaults.ValueOverrides);
        if (options.Hydra == HydraPart.BuiltIn) CheckCopiedVariables(config);
        // As OmegaConf does when it makes a node: what is no interpolation is a mistake, whether a value needs it or not.
        InterpolationCheck.Malformed(config, _problems);
        // Each file is loaded by itself, so that a later value mends nothing.
        foreach (Layer layer in layers) InterpolationCheck.Malformed(layer.Content, _problems);
        var rejected = new ProblemList();
        var owned = new OwnedKeys(options.ProgramKeys, defaults.Items.Select(item => item.Package));
        new SchemaCheck(rejected, _warnings, owned).Check(config, placed);
        var slips = new LikelySlips(options.ProgramKeys, _warnings);
        slips.CheckAdded(defaults.ValueOverrides, config, placed);
        slips.CheckPackages(defaults.Items);
        if (!_problems.Any)
        {
            // A rejected value is not rejected once more when interpolations are resolved.
            IReadOnlyList<PlacedSchema> open = rejected.Any ? [] : placed;
            var composition = new Composition(configName, config, layers, defaults, overrides, open, owned, _warnings.Items, options);
            return new CheckedComposition(composition, rejected.Items);
        }
        _problems.AddRange(rejected.Items);
        return Result<CheckedComposition>.Failure(_problems.Items);
    }

    public Result<ExpandedDefaults> ExpandDefaults(string? configName, IReadOnlyList<string> arguments, ComposeMode mode)
    {
        var (_, _, defaults) = Expand(configName, arguments, mode);
        return _problems.Any ? Result<ExpandedDefaults>.Failure(_problems.Items) : defaults;
    }

    private (ConfigRepository Repository, List<Override> Overrides, ExpandedDefaults Defaults) Expand(
        string? configName, IReadOnlyList<string> arguments, ComposeMode mode)
    {
        CheckSources();
        var repository = new ConfigRepository(sources);
        var overrides = Parse(arguments, repository, configName);
        CheckSweeps(overrides, mode);
        repository = new SearchPathSetting(cache, options.Job?.Directory, _problems).Extend(repository, configName, overrides);
        var builder = new DefaultsListBuilder(repository, options.Reading, _problems, _warnings);
        bool prependHydra = options.Hydra != HydraPart.None;
        return (repository, overrides, builder.Build(configName, overrides, prependHydra, skipMissing: mode == ComposeMode.Sweep));
    }

    private void CheckSources()
    {
        if (sources.FirstOrDefault(source => !source.Source.IsBuiltIn) is { Source.Exists: false } first)
            _problems.Add(ComposeProblems.NoDirectory(first.Source));
    }

    private List<Override> Parse(IReadOnlyList<string> arguments, ConfigRepository repository, string? configName)
    {
        var overrides = new List<Override>(arguments.Count);
        foreach (string argument in arguments)
        {
            if (!OverrideParser.Parse(argument).TryGet(out var parsed, out var problems)) _problems.AddRange(problems);
            // Such a value cannot be a node, so nothing may get hold of it.
            else if (parsed.Value is { HasSweepInside: true }) _problems.Add(SweepProblems.Nested(parsed));
            else overrides.Add(parsed);
        }
        return [.. new AliasRewriter(options, repository, configName).Rewrite(overrides)];
    }

    private void CheckSweeps(List<Override> overrides, ComposeMode mode)
    {
        foreach (var item in overrides.Where(item => item.IsSweep))
        {
            if (mode == ComposeMode.Run) _problems.Add(ComposeProblems.Sweep(item));
            else if (item.IsHydra) _problems.Add(ComposeProblems.HydraSweep(item));
        }
    }

    private void CheckCopiedVariables(ConfigMapping config)
    {
        if (ConfigOperations.Select(config, "hydra.job.env_copy") is not ConfigList names) return;
        foreach (var name in names.OfType<ConfigScalar>())
        {
            if (name.Text is { } variable && options.Environment(variable) is null)
                _problems.Add(ComposeProblems.NotInEnvironment(variable, name.Origin));
        }
    }
}
