namespace Refrag.Composition.Overrides;

/// <summary>Writes overrides as they could be typed.</summary>
public static class OverridePrinter
{
    /// <summary>The value in override syntax.</summary>
    public static string Print(OverrideValue value) => throw new NotSupportedException(value.GetType().Name);
}
