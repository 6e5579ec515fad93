using Refrag.Scheduling.Catalogue;

namespace Refrag.Scheduling.Fitting;

/// <summary>The least that must change so that a job fits.</summary>
internal static class SmallestChange
{
    public static IEnumerable<Change> Find(
        Requirement requirement, IReadOnlyList<TypeFit> misses, InstanceCatalogue catalogue, PriceTable prices)
    {
        if (Lower(requirement, misses) is { } lower) yield return lower;
        if (Add(requirement, misses, catalogue, prices) is { } add) yield return add;
    }

    // A GPU that is asked for cannot be done without, so a request is lowered to fewer GPUs but never to none.
    private static LowerRequest? Lower(Requirement requirement, IReadOnlyList<TypeFit> misses)
    {
        TypeFit? nearest =
            misses.FirstOrDefault(
                miss => !miss.Type.IsMac && !miss.Distance.WrongArchitecture && (requirement.Amount.Gpus == 0 || miss.Type.Gpus > 0));
        if (nearest is null) return null;
        Amount wanted = requirement.Amount;
        Amount usable = nearest.Type.SurelyUsable;
        var to = new Amount(
            Math.Min(wanted.MilliVCpus, usable.MilliVCpus), Math.Min(wanted.MemoryMiB, usable.MemoryMiB),
            Math.Min(wanted.Gpus, usable.Gpus));
        return new LowerRequest(to, nearest.Type);
    }

    private static AddType? Add(Requirement requirement, IReadOnlyList<TypeFit> misses, InstanceCatalogue catalogue, PriceTable prices)
    {
        HashSet<string> families = [.. misses.Select(miss => miss.Type.Family)];
        // A compute environment has one architecture: a type of another could not be added.
        Architecture? architecture = misses.Count > 0 ? misses[0].Type.Architecture : requirement.Architecture;
        InstanceType? best = catalogue.Offered
            .Where(type => (architecture is null || type.Architecture == architecture) && TypeFit.Of(requirement, type).IsSure)
            .OrderBy(type => type.IsBareMetal || (requirement.Amount.Gpus == 0 && type.Accelerator is not null) ? 1 : 0)
            .ThenBy(type => families.Contains(type.Family) ? 0 : 1)
            .ThenBy(type => type.IsCurrent ? 0 : 1)
            .ThenBy(type => prices.Find(type.Name)?.OnDemand ?? decimal.MaxValue)
            .ThenBy(type => type.Gpus)
            .ThenBy(type => type.VCpus)
            .ThenBy(type => type.InstalledMiB)
            .FirstOrDefault();
        return best is null ? null : new AddType(best);
    }
}
