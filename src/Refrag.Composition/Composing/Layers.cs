using Refrag.Composition.Interpolation;
using Refrag.Composition.Merging;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>A file's content where its package puts it.</summary>
/// <param name="Default">The entry of the defaults list.</param>
/// <param name="Content">The content under its package.</param>
internal sealed record Layer(ResolvedDefault Default, ConfigMapping Content);

internal static class Layers
{
    /// <summary>Merges the layers, a later one over the earlier ones, in time linear in what they hold.</summary>
    public static ConfigMapping Merge(IEnumerable<Layer> layers, ConfigResolvers resolvers, ProblemList problems)
    {
        var merger = new ConfigMerger(resolvers: resolvers);
        foreach (var layer in layers) merger.Add(layer.Content);
        if (merger.Build().TryGet(out var merged, out var failures)) return (ConfigMapping)merged;
        problems.AddRange(failures);
        return ConfigMapping.Empty;
    }
}

/// <summary>Puts files' contents under their packages.</summary>
internal sealed class LayerMaker(ProblemList problems)
{
    public IReadOnlyList<Layer> Make(IReadOnlyList<ResolvedDefault> items)
    {
        var layers = new List<Layer>(items.Count);
        foreach (var item in items)
        {
            if (Make(item) is { } layer) layers.Add(layer);
        }
        return layers;
    }

    private Layer? Make(ResolvedDefault item)
    {
        var body = item.File!.Body;
        ConfigNode content = item.Package.Length == 0 ? body : Embed(body, KeyPath.Split(item.Package));
        if (content is not ConfigMapping mapping)
        {
            // Of the primary file it has been reported already.
            if (!item.IsPrimary) problems.Add(ComposeProblems.BodyIsNoMapping(item));
            return null;
        }
        if (!item.IsPrimary && item.ConfigPath != "hydra/config"
            && ConfigOperations.Select(mapping, "hydra.searchpath") is { IsNull: false } found)
            problems.Add(ComposeProblems.SearchPathElsewhere(item.ConfigPath, found.Origin));
        return new Layer(item, mapping);
    }

    private static ConfigNode Embed(ConfigNode body, IReadOnlyList<string> package)
    {
        for (int i = package.Count - 1; i >= 0; i--) body = ConfigMapping.Of((package[i], body));
        return body;
    }
}
