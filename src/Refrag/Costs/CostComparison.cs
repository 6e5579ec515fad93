using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Costs;

/// <summary>One kind of work on queues of its own and on a queue that it shares with GPU work.</summary>
/// <param name="Name">The kind of work.</param>
/// <param name="Needs">What it needs.</param>
/// <param name="Separate">Its cost on the types of its own queue; null if none hosts it or has a price.</param>
/// <param name="Shared">Its cost on the dearest type that a shared queue could give it; null likewise.</param>
/// <param name="Unpriced">Types that can host it and were left out, because no Spot price of them is known.</param>
public sealed record ComparedWork(string Name, Amount Needs, HostCost? Separate, HostCost? Shared, IReadOnlyList<string> Unpriced)
{
    /// <summary>The saving on Spot, from 0 to 1; null if a price is missing.</summary>
    public double? Saving =>
        Separate?.Spot is { } separate && Shared?.Spot is { } shared && shared > 0 ? (double)(1 - (separate / shared)) : null;
}

/// <summary>The table of the cost of separate queues against one for all, computed from dated prices.</summary>
public static class CostComparison
{
    private static readonly (string Name, Amount Needs)[] s_work =
    [
        ("CPU (small)", Amount.Of(2, 3072)),
        ("CPU (medium)", Amount.Of(4, 14336)),
        ("GPU (1)", Amount.Of(4, 14336, 1)),
        ("GPU (4)", Amount.Of(16, 65536, 4)),
    ];

    /// <summary>Compares; types that are not known are a problem.</summary>
    /// <param name="cpuTypes">The types of the CPU queue.</param>
    /// <param name="gpuTypes">The types of the GPU queue.</param>
    /// <param name="hours">How long each work runs.</param>
    /// <param name="region">Whose prices count.</param>
    /// <param name="catalogue">The instance types.</param>
    /// <param name="prices">The prices.</param>
    public static Result<IReadOnlyList<ComparedWork>> Of(
        IReadOnlyList<string> cpuTypes, IReadOnlyList<string> gpuTypes, double hours, string region, InstanceCatalogue catalogue,
        PriceTable prices)
    {
        if (!catalogue.Resolve(cpuTypes).TryGet(out IReadOnlyList<InstanceType>? cpu, out IReadOnlyList<Problem> problems)
            || !catalogue.Resolve(gpuTypes).TryGet(out IReadOnlyList<InstanceType>? gpu, out problems))
        {
            return Result<IReadOnlyList<ComparedWork>>.Failure(problems);
        }
        List<ComparedWork> rows = [];
        foreach ((string name, Amount needs) in s_work)
        {
            Requirement requirement = new() { Amount = needs };
            HostCost[] own = Costs(requirement, needs.Gpus > 0 ? gpu : cpu);
            HostCost[] all = Costs(requirement, [.. cpu.Concat(gpu).DistinctBy(t => t.Name)]);
            rows.Add(new ComparedWork(name, needs, own.Where(IsPriced).MinBy(c => c.Spot), all.Where(IsPriced).MaxBy(c => c.Spot),
                [.. all.Where(c => !IsPriced(c)).Select(c => c.Type.Name)]));
        }
        return rows;

        HostCost[] Costs(Requirement requirement, IReadOnlyList<InstanceType> types) =>
            [.. Fit.Check(requirement, types, catalogue).Hosts
                .Select(host => HostCost.Of(host, requirement, 1, hours, prices.Find(host.Type.Name, region)))];

        static bool IsPriced(HostCost cost) => cost.Spot is not null;
    }
}
