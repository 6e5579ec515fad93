namespace Refrag.Composition.Overrides;

/// <summary>Reads overrides.</summary>
public static class OverrideParser
{
    /// <summary>Reads one override, such as <c>+db@backup=mysql</c>.</summary>
    public static Result<Override> Parse(string text) => throw new NotSupportedException(text);
}
