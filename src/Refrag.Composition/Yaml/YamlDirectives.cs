using Refrag.Composition.Yaml.Scanning;

namespace Refrag.Composition.Yaml;

/// <summary>What the lines that begin with <c>%</c> declare, and what a tag means by it.</summary>
internal sealed class YamlDirectives
{
    private readonly Dictionary<string, string> _handles = new(StringComparer.Ordinal);
    private bool _hasVersion;

    /// <summary>Takes a directive to heart.</summary>
    /// <exception cref="YamlSyntaxException">It is declared already, or the version is not 1.</exception>
    public void Add(YamlToken directive)
    {
        if (directive.Kind == YamlTokenKind.VersionDirective)
        {
            if (_hasVersion) throw YamlFaults.TwiceDirective("%YAML", directive.Start);
            if (!IsOne(directive.Text!)) throw YamlFaults.Version(directive.Text!, directive.Start);
            _hasVersion = true;
        }
        else if (directive.Kind == YamlTokenKind.TagDirective && !_handles.TryAdd(directive.Text!, directive.Suffix!))
        {
            throw YamlFaults.TwiceDirective(directive.Text!, directive.Start);
        }
    }

    /// <summary>The whole tag.</summary>
    /// <exception cref="YamlSyntaxException">Its handle is not declared.</exception>
    public string Resolve(YamlToken tag)
    {
        if (tag.Text is not { } handle) return tag.Suffix!;
        if (_handles.TryGetValue(handle, out string? prefix)) return prefix + tag.Suffix;
        return handle switch
        {
            "!" => "!" + tag.Suffix,
            "!!" => YamlTags.Prefix + tag.Suffix,
            _ => throw YamlFaults.UnknownHandle(handle, tag.Start),
        };
    }

    private static bool IsOne(string version) => version.Split('.')[0].TrimStart('0') == "1";
}
