using Refrag.Scheduling.Catalogue;

namespace Refrag.Engine.Operations.ComputeEnvironments;

/// <summary>
/// What the instance types of a compute environment have in common. Names that the catalogue does not know are passed over: nothing is said
/// of them.
/// </summary>
internal static class InstanceFamilies
{
    /// <summary>The processor architectures; empty if no name is known.</summary>
    public static IReadOnlyList<Architecture> Architectures(InstanceCatalogue catalogue, IReadOnlyList<string>? names) =>
        [.. Known(catalogue, names).Select(type => type.Architecture).Distinct()];

    /// <summary>Whether all that are known have GPUs, and there is one.</summary>
    public static bool AreGpus(InstanceCatalogue catalogue, IReadOnlyList<string>? names) =>
        Known(catalogue, names).ToList() is [_, ..] types && types.TrueForAll(type => type.Gpus > 0);

    private static IEnumerable<InstanceType> Known(InstanceCatalogue catalogue, IReadOnlyList<string>? names) =>
        (names ?? []).SelectMany(name => catalogue.Resolve([name]).TryGet(out IReadOnlyList<InstanceType>? types, out _) ? types : []);
}
