using Refrag.Composition.Tree;

namespace Refrag.Composition.Tests.Composing;

/// <summary>A node in one line, as Python shows it but without quotes and spaces that only take room: <c>{a:1,b:[x,None]}</c>.</summary>
internal static class OneLine
{
    public static string Of(ConfigNode node) =>
        PythonText.Repr(node)
            .Replace("'", "", StringComparison.Ordinal)
            .Replace(": ", ":", StringComparison.Ordinal).Replace(", ", ",", StringComparison.Ordinal);
}
