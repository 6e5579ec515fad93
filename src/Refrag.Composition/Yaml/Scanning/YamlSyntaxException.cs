namespace Refrag.Composition.Yaml.Scanning;

/// <summary>Ends the reading of a document that is not YAML. It never leaves the library: a <see cref="Problem"/> is made of it.</summary>
internal sealed class YamlSyntaxException(string code, string what, string? cause, string cure, YamlPosition at) : Exception(what)
{
    public string Code { get; } = code;

    public string? Cause { get; } = cause;

    public string Cure { get; } = cure;

    public YamlPosition At { get; } = at;
}
