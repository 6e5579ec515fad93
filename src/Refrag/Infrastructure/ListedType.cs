using Refrag.Aws.Ec2;

namespace Refrag.Infrastructure;

/// <summary>
/// What a compute environment may list: a type (<c>c6i.large</c>), a family (<c>c6i</c>), or a word that leaves the choice to Batch.
/// </summary>
internal static class ListedType
{
    /// <summary>
    /// The pattern to ask EC2 for; null for <c>optimal</c>, <c>default_x86_64</c> and <c>default_arm64</c>, which name nothing of EC2's.
    /// </summary>
    public static string? Pattern(string listed) =>
        listed == "optimal" || listed.StartsWith("default_", StringComparison.Ordinal) ? null
        : listed.Contains('.', StringComparison.Ordinal) ? listed
        : $"{listed}.*";

    /// <summary>Whether EC2's type is the listed one, or of the listed family.</summary>
    public static bool Covers(string listed, InstanceTypeInfo type) =>
        listed == type.Name || type.Name.StartsWith(listed + ".", StringComparison.Ordinal);
}
