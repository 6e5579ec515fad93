using Refrag.Composition.Conformance.Vectors;

namespace Refrag.Composition.Conformance;

/// <summary>
/// A Python package of the reference's own tests, which <c>hydra.searchpath</c> of one fixture names with <c>pkg://</c>. No fixture has its
/// files, and Python packages cannot be looked into from here, so they stand here: two empty options.
/// </summary>
internal static class ReferencePackages
{
    private const string Address = "pkg://hydra.test_utils.configs.completion_test_additional_package";

    private static readonly Dictionary<string, string> Files = new(StringComparer.Ordinal)
    {
        ["additional_group/pkg_opt_additional.yaml"] = "",
        ["group/pkg_opt.yaml"] = "",
    };

    /// <summary>The search path, with the package where the primary file names it.</summary>
    public static SearchPath AddTo(SearchPath path, FixtureTrees fixture, string config) =>
        fixture.Trees.Any(tree => tree.TryGetValue($"{config}.yaml", out string? text) && text.Contains(Address, StringComparison.Ordinal))
            ? path.AddMemory(Files, "package")
            : path;
}
