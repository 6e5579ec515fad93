using Refrag.Composition.ConfigFiles;

namespace Refrag.Composition;

/// <summary>One file of the final defaults list. Files are merged in the list's order; the later one wins.</summary>
/// <param name="ConfigPath">The file, as <c>db/mysql</c>.</param>
/// <param name="Package">Where its content goes, as <c>db.primary</c>; empty for the root.</param>
/// <param name="Parent">The file that lists it; null for the primary file.</param>
/// <param name="IsSelf">Whether the file lists others and this is its own content among them.</param>
/// <param name="IsPrimary">Whether it is the file that the composition began with.</param>
/// <param name="OverrideKey">What to write to choose another option; null for a file that is not an option of a group.</param>
public sealed record ResolvedDefault(string ConfigPath, string Package, string? Parent, bool IsSelf, bool IsPrimary, string? OverrideKey)
{
    internal ConfigFile? File { get; init; }

    internal Place? Place { get; init; }
}
