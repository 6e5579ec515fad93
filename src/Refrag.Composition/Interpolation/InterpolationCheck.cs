using Refrag.Composition.Tree;

namespace Refrag.Composition.Interpolation;

/// <summary>Finds texts that are meant to be interpolations and are none, without evaluating any.</summary>
internal static class InterpolationCheck
{
    /// <summary>Reports each of them, with its place.</summary>
    public static void Malformed(ConfigNode node, ProblemList problems)
    {
        if (!node.HasInterpolations) return;
        switch (node)
        {
            case ConfigMapping mapping:
                foreach (ConfigEntry entry in mapping) Malformed(entry.Value, problems);
                break;
            case ConfigList list:
                foreach (ConfigNode item in list) Malformed(item, problems);
                break;
            case ConfigScalar { Text: { } text }:
                var parser = new SyntaxParser(text, ConfigLimits.Default.Depth);
                if (parser.ConfigValue() is not null) break;
                problems.Add(InterpolationProblems.Syntax(parser.Error!, InterpolationPlace.Of(node, parser.Error!.At, 1)));
                break;
        }
    }
}
