using Refrag.Composition.Interpolation;
using Refrag.Composition.Schemas;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>Resolves a composition key by key, so that one broken interpolation does not hide another.</summary>
/// <param name="composition">What to resolve.</param>
/// <param name="options">Its composer's options.</param>
/// <param name="problems">Gets what cannot be resolved.</param>
/// <param name="keys">The top-level keys to resolve; null for all.</param>
internal sealed class Resolution(
    Composition composition, ComposerOptions options, ProblemList problems, IReadOnlyCollection<string>? keys = null)
{
    private const string HydraKey = "hydra";

    /// <summary>The resolved configuration; a key that cannot be resolved stays as it was written.</summary>
    public ConfigMapping Run()
    {
        var interpolator = Interpolator();
        var builder = new ConfigMappingBuilder(composition.Config.Count);
        for (int i = 0; i < composition.Config.Count; i++)
        {
            var entry = composition.Config[i];
            bool isLeft = (composition.HydraPart == HydraPart.BuiltIn && entry.Key == HydraKey)
                || keys?.Contains(entry.Key.ToString()) == false;
            builder.Set(isLeft ? entry : entry with { Value = Resolve(interpolator, entry, i) });
        }
        var resolved = builder.Build(composition.Config.Mark);
        if (!problems.Any)
            new SchemaCheck(problems, warnings: new ProblemList(), composition.OwnedKeys).Check(resolved, composition.Schemas);
        return resolved;
    }

    private Interpolator Interpolator()
    {
        if (composition.HydraPart != HydraPart.BuiltIn)
            return new Interpolator(
                composition.Config, HydraResolvers.WithHydra(options.EffectiveResolvers, composition, options.Job));
        var filled = HydraResolvers.Filled(composition, options.Job);
        return new Interpolator(filled, HydraResolvers.WithFilled(options.EffectiveResolvers, filled, options.Job));
    }

    private ConfigNode Resolve(Interpolator interpolator, ConfigEntry entry, int index)
    {
        if (entry.Value.IsMissing) return entry.Value;
        if (interpolator.ResolveEntry(index).TryGet(out var value, out var failures)) return value;
        problems.AddRange(failures);
        return entry.Value;
    }
}
