using Refrag.Scheduling.Catalogue;

namespace Refrag.Engine.Resources;

/// <summary>
/// What the instance types of a compute environment have in common. Names that the catalogue does not know are passed over: nothing is said
/// of them.
/// </summary>
internal static class InstanceFamilies
{
    /// <summary>The processor architectures; empty if no name is known.</summary>
    public static IReadOnlyList<Architecture> Architectures(InstanceCatalogue catalogue, IReadOnlyList<string>? names) =>
        [.. Known(catalogue, names).Select(type => type.Architecture).Distinct()];

    /// <summary>Whether all that are known have GPUs of NVIDIA, or a part of one, and there is one.</summary>
    public static bool AreGpus(InstanceCatalogue catalogue, IReadOnlyList<string>? names) =>
        Known(catalogue, names) is [_, ..] types && types.All(type => type.HasNvidia);

    /// <summary>Those that are known.</summary>
    public static IReadOnlyList<InstanceType> Known(InstanceCatalogue catalogue, IReadOnlyList<string>? names) =>
        catalogue.Resolve((names ?? []).Where(name => catalogue.Resolve([name]).IsSuccess))
            .TryGet(out IReadOnlyList<InstanceType>? types, out _) ? types : [];
}
