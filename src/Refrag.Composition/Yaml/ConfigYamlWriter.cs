using System.Text;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Yaml;

/// <summary>Writes configurations as <c>OmegaConf.to_yaml</c> does, byte for byte, line folding included.</summary>
public sealed class ConfigYamlWriter
{
    private const int Step = 2;

    private readonly StringBuilder _text = new();
    private readonly YamlScalarWriter _scalars;

    private ConfigYamlWriter() => _scalars = new YamlScalarWriter(_text);

    /// <summary>The configuration as YAML, with a line break at its end. Interpolations stay as they are.</summary>
    public static string Write(ConfigNode node)
    {
        var writer = new ConfigYamlWriter();
        writer.Node(node, indent: 0);
        writer._text.Append('\n');
        return writer._text.ToString();
    }

    // The cursor stands where the node begins; it is left behind the node's last character.
    private void Node(ConfigNode node, int indent)
    {
        switch (node)
        {
            case ConfigMapping { Count: > 0 } mapping:
                Mapping(mapping, indent);
                break;
            case ConfigList { Count: > 0 } list:
                List(list, indent);
                break;
            case ConfigMapping:
                _text.Append("{}");
                break;
            case ConfigList:
                _text.Append("[]");
                break;
            case ConfigScalar scalar:
                _scalars.Value(scalar, indent + Step);
                break;
        }
    }

    private void Mapping(ConfigMapping mapping, int indent)
    {
        bool first = true;
        foreach (ConfigEntry entry in mapping)
        {
            if (!first) NewLine(indent);
            first = false;
            bool simple = _scalars.Key(entry.Key.Scalar, indent + Step);
            if (!simple) NewLine(indent);
            _text.Append(':');
            Value(entry.Value, indent, simple);
        }
    }

    private void Value(ConfigNode value, int indent, bool afterSimpleKey)
    {
        switch (value)
        {
            case ConfigMapping { Count: > 0 } when afterSimpleKey:
                NewLine(indent + Step);
                Node(value, indent + Step);
                break;
            // A list under a key is not indented.
            case ConfigList { Count: > 0 } when afterSimpleKey:
                NewLine(indent);
                Node(value, indent);
                break;
            case ConfigMapping { Count: > 0 } or ConfigList { Count: > 0 }:
                _text.Append(' ');
                Node(value, indent + Step);
                break;
            default:
                _text.Append(' ');
                Node(value, indent);
                break;
        }
    }

    private void List(ConfigList list, int indent)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (i > 0) NewLine(indent);
            _text.Append("- ");
            Node(list[i], list[i] is ConfigScalar ? indent : indent + Step);
        }
    }

    private void NewLine(int indent) => _text.Append('\n').Append(' ', indent);
}
