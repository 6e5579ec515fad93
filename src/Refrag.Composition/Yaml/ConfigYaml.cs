using Refrag.Composition.Tree;
using Refrag.Composition.Yaml.Scanning;

namespace Refrag.Composition.Yaml;

/// <summary>Reads YAML as OmegaConf reads it, every node with its place.</summary>
public static class ConfigYaml
{
    /// <summary>
    /// Reads a configuration: a mapping or a list. An empty document is an empty mapping, and a document of text alone is a mapping with
    /// that text as its only key and null as the value.
    /// </summary>
    /// <param name="text">The document.</param>
    /// <param name="path">The file's path as the user should see it in messages.</param>
    /// <param name="limits">Limits on depth and aliases; <see cref="ConfigLimits.Default"/> where null.</param>
    /// <returns>The configuration, or problems RF1201 to RF1210 that point at the line.</returns>
    public static Result<ConfigNode> Read(string text, string path, ConfigLimits? limits = null)
    {
        var source = new FileSource(path, text);
        Result<ConfigNode> read = ReadValue(text, source, limits);
        if (!read.TryGet(out ConfigNode? node, out _)) return read;
        return node switch
        {
            ConfigScalar { Kind: ScalarKind.Null } => ConfigMapping.Empty.At(new Mark(source, 1, 1)),
            ConfigScalar { Text: { } key } => new ConfigMappingBuilder().With(key, node.Mark).Build(node.Mark),
            ConfigScalar => YamlProblems.NotAConfiguration(node),
            _ => node,
        };
    }

    /// <summary>Reads one document of any kind, scalars included; an empty one is null.</summary>
    /// <param name="text">The document.</param>
    /// <param name="source">What the marks of the nodes point into.</param>
    /// <param name="limits">Limits on depth and aliases; <see cref="ConfigLimits.Default"/> where null.</param>
    /// <returns>The value, or problems RF1201 to RF1210.</returns>
    public static Result<ConfigNode> ReadValue(string text, ConfigSource source, ConfigLimits? limits = null)
    {
        var composer = new YamlComposer(text, source, limits ?? ConfigLimits.Default);
        try
        {
            return composer.Compose();
        }
        catch (YamlSyntaxException e)
        {
            return Result<ConfigNode>.Failure([.. composer.Problems, YamlProblems.Syntax(e, source)]);
        }
    }

    private static ConfigMappingBuilder With(this ConfigMappingBuilder builder, string key, Mark mark)
    {
        builder.Set(key, ConfigScalar.NullAt(mark), mark);
        return builder;
    }
}
