using Refrag.Composition.Tree;

namespace Refrag.Composition.Composing;

/// <summary>A file's content where its package puts it.</summary>
/// <param name="Default">The entry of the defaults list.</param>
/// <param name="Content">The content under its package.</param>
internal sealed record Layer(ResolvedDefault Default, ConfigMapping Content);

internal static class Layers
{
    public static ConfigMapping Merge(IEnumerable<Layer> layers, ProblemList problems)
    {
        var config = ConfigMapping.Empty;
        foreach (var layer in layers) config = ConfigOperations.Merge(config, layer.Content);
        _ = problems;
        return config;
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
        ConfigNode content = item.Package.Length == 0 ? body : Embed(body, item.Package.Split('.'));
        if (content is not ConfigMapping mapping)
        {
            problems.Add(ComposeProblems.BodyIsNoMapping(item));
            return null;
        }
        if (!item.IsPrimary && item.ConfigPath != "hydra/config" && ConfigOperations.Select(mapping, "hydra.searchpath") is { } found)
            problems.Add(ComposeProblems.SearchPathElsewhere(item.ConfigPath, found.Origin));
        return new Layer(item, mapping);
    }

    private static ConfigNode Embed(ConfigNode body, ReadOnlySpan<string> package)
    {
        for (int i = package.Length - 1; i >= 0; i--) body = ConfigMapping.Of((package[i], body));
        return body;
    }
}
