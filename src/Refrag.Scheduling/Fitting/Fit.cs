using Refrag.Scheduling.Catalogue;

namespace Refrag.Scheduling.Fitting;

/// <summary>Which instance types of a list can host a job, which nearly can, and the smallest change where none can. Immutable.</summary>
public sealed record Fit
{
    /// <summary>What was asked for.</summary>
    public required Requirement Requirement { get; init; }

    /// <summary>Those that can host it, in the order of the list.</summary>
    public required IReadOnlyList<TypeFit> Hosts { get; init; }

    /// <summary>Those that cannot, the nearest first.</summary>
    public required IReadOnlyList<TypeFit> Misses { get; init; }

    /// <summary>
    /// The least that must change, one of the request and one of the list where both exist; empty where the job surely fits. The first is
    /// the smaller request; the second a type to add, of a family already listed where one will do. After either it surely fits.
    /// </summary>
    public required IReadOnlyList<Change> Changes { get; init; }

    /// <summary>Whether any type can host the job.</summary>
    public bool Fits => Hosts.Count > 0;

    /// <summary>Whether any type can host the job whatever its machine image keeps for itself.</summary>
    public bool IsSure => Hosts.Any(host => host.IsSure);

    /// <summary>
    /// Checks a requirement against a list of types, families and <c>optimal</c>. A name that is not known is a problem.
    /// </summary>
    public static Result<Fit> Check(
        Requirement requirement, IEnumerable<string> names, InstanceCatalogue catalogue, PriceTable? prices = null)
    {
        if (!catalogue.Resolve(names).TryGet(out IReadOnlyList<InstanceType>? types, out IReadOnlyList<Problem> problems))
            return Result<Fit>.Failure(problems);
        return Check(requirement, types, catalogue, prices);
    }

    /// <summary>
    /// Checks a requirement against types. <paramref name="prices"/> decide between types that could be added; without, their size does.
    /// </summary>
    public static Fit Check(
        Requirement requirement, IReadOnlyList<InstanceType> types, InstanceCatalogue catalogue, PriceTable? prices = null)
    {
        TypeFit[] fits = [.. types.Select(type => TypeFit.Of(requirement, type))];
        TypeFit[] hosts = [.. fits.Where(fit => fit.Hosts)];
        TypeFit[] misses = [.. fits.Where(fit => !fit.Hosts).OrderBy(fit => fit.Distance)];
        return new Fit
        {
            Requirement = requirement,
            Hosts = hosts,
            Misses = misses,
            // A type that probably hosts it comes before those that do not.
            Changes = hosts.Any(host => host.IsSure)
                ? []
                : [.. SmallestChange.Find(requirement, [.. hosts, .. misses], catalogue, prices ?? PriceTable.None)],
        };
    }
}
