using Refrag.Engine.Resources;
using Refrag.Engine.State;
using Refrag.Scheduling.Catalogue;

namespace Refrag.Engine.Operations.ComputeEnvironments;

/// <summary>What a region does not offer.</summary>
internal static class RegionRules
{
    /// <summary>
    /// Why Batch refuses instance types: the first that the region does not offer, neither itself nor any of its family. Null if it refuses
    /// none; a name that the catalogue does not know is not refused. AWS's words, which name every type of the region, begin the same.
    /// (reported of CreateComputeEnvironment: "Error executing request, Exception : Instance type can only be one of […]")
    /// </summary>
    public static string? NotOffered(EngineState state, IReadOnlyList<string>? names)
    {
        if (state.Options.Fleets is not { } fleets) return null;
        string? elsewhere = (names ?? []).FirstOrDefault(
            name => InstanceFamilies.Known(fleets.Catalogue, [name]) is [_, ..] types && types.All(type => fleets.IsExcluded(type)));
        if (elsewhere is null) return null;
        InstanceType[] offered = [.. fleets.Catalogue.Types.Where(type => !fleets.IsExcluded(type))];
        return $"Error executing request, Exception : Instance type can only be one of [optimal, "
            + string.Join(", ", offered.Select(type => type.Family).Distinct().Concat(offered.Select(type => type.Name)))
            + $"]; {state.Arns.Region} does not offer {elsewhere}, as far as the catalogue knows. `refrag catalog refresh` asks AWS";
    }
}
