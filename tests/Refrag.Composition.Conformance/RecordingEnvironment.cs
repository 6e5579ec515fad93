using Refrag.Composition.Conformance.Vectors;

namespace Refrag.Composition.Conformance;

/// <summary>
/// What stood around the reference when the vectors were recorded, and is in no fixture: the directory in which it ran, and the Python packages of
/// its own tests that <c>hydra.searchpath</c> of some fixtures names. Only completion looks at either.
/// </summary>
internal static class RecordingEnvironment
{
    private static readonly string[] WorkingDirectory =
    [
        "apt.log", "extract.py", "fx", "hydra-135", "hydra-head", "omegaconf-231", "omegaconf-head", "rec", "ref135", "refhead", "t", "vectors.json", "venv", "venvh",
    ];

    private const string AdditionalPackage = "hydra.test_utils.configs.completion_test_additional_package";

    private static readonly Dictionary<string, string> AdditionalFiles = new(StringComparer.Ordinal)
    {
        ["additional_group/pkg_opt_additional.yaml"] = "",
        ["group/pkg_opt.yaml"] = "",
    };

    /// <summary>The names in a directory; null for what was not there.</summary>
    public static IReadOnlyList<string>? List(string directory) => directory is "." or "./" ? WorkingDirectory : null;

    /// <summary>The packages that a primary file's search path names.</summary>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Packages(FixtureTrees fixture, string config) =>
        fixture.Trees.Any(tree => tree.TryGetValue($"{config}.yaml", out string? text) && text.Contains($"pkg://{AdditionalPackage}", StringComparison.Ordinal))
            ? [AdditionalFiles]
            : [];
}
