using Refrag.Scheduling;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Costs;

/// <summary>What work costs on one instance type.</summary>
/// <param name="Type">The type.</param>
/// <param name="PerInstance">How many of the work's parts one instance hosts at a time.</param>
/// <param name="Share">The part of an instance that one part of the work takes: above 0, at most 1.</param>
/// <param name="Spot">USD on the Spot market, whole instances; null without a price.</param>
/// <param name="OnDemand">USD on demand, whole instances; null without a price.</param>
/// <param name="Rework">USD on Spot for work that is expected to be done twice after interruptions; null if it is not known.</param>
/// <param name="Price">The hourly prices, with their date and basis; null if there are none.</param>
public sealed record HostCost(
    InstanceType Type, int PerInstance, double Share, decimal? Spot, decimal? OnDemand, decimal? Rework, Price? Price)
{
    /// <summary>Hours of instances that the work takes at its share of them, as <see cref="JobCosting"/> counts what has run.</summary>
    public decimal ShareHours { get; private init; }

    /// <summary>
    /// The cost of <paramref name="parts"/> parts, each for <paramref name="hours"/> hours. Instances are paid whole: parts that surely fit
    /// side by side share one.
    /// </summary>
    public static HostCost Of(TypeFit fit, Requirement requirement, int parts, double hours, Price? price)
    {
        int perInstance = fit.SurelyPerInstance is int.MaxValue or 0 ? 1 : fit.SurelyPerInstance;
        double share = ShareOf(requirement, fit.Type);
        decimal instanceHours = (decimal)Math.Ceiling((double)parts / perInstance) * (decimal)hours;
        decimal? spot = price?.Spot * instanceHours;
        return new HostCost(fit.Type, perInstance, share, spot, price?.OnDemand * instanceHours,
            spot * Interruptions.Rework(price?.Interruption, hours), price)
        {
            ShareHours = parts * (decimal)hours * (decimal)share,
        };
    }

    /// <summary>The part of an instance that a job takes: that of the dimension it fills most; all of it for a node of several.</summary>
    public static double ShareOf(Requirement requirement, InstanceType type)
    {
        if (requirement.Nodes > 1) return 1;
        Amount needs = requirement.Amount;
        Amount usable = type.Usable;
        double share =
            Math.Max((double)needs.MilliVCpus / Math.Max(1, usable.MilliVCpus), (double)needs.MemoryMiB / Math.Max(1, usable.MemoryMiB));
        if (usable.Gpus > 0) share = Math.Max(share, (double)needs.Gpus / usable.Gpus);
        return Math.Clamp(share, 0.0001, 1);
    }
}

/// <summary>What the Spot advisor's classes mean for work that starts anew after an interruption.</summary>
public static class Interruptions
{
    private const double HoursAMonth = 730;

    /// <summary>
    /// The expected part of the work that is done again: work of T hours that starts from its beginning after each interruption, which come
    /// at random at the rate λ that the class gives, takes (e^λT − 1)/λ on average. Null if the class is not known. Work with
    /// checkpoints loses less.
    /// </summary>
    public static decimal? Rework(InterruptionClass? of, double hours)
    {
        if (MonthlyChance(of) is not { } chance || hours <= 0) return null;
        double rate = -Math.Log(1 - chance) / HoursAMonth;
        double rework = ((Math.Exp(rate * hours) - 1) / (rate * hours)) - 1;
        return (decimal)Math.Min(rework, 1000);
    }

    /// <summary>The middle of the class; for the open one 25 %.</summary>
    private static double? MonthlyChance(InterruptionClass? of) => of switch
    {
        InterruptionClass.Below5 => 0.025,
        InterruptionClass.From5To10 => 0.075,
        InterruptionClass.From10To15 => 0.125,
        InterruptionClass.From15To20 => 0.175,
        InterruptionClass.Above20 => 0.25,
        _ => null,
    };

    /// <summary>The class as AWS writes it.</summary>
    public static string Text(InterruptionClass? of) => of switch
    {
        InterruptionClass.Below5 => "<5%",
        InterruptionClass.From5To10 => "5-10%",
        InterruptionClass.From10To15 => "10-15%",
        InterruptionClass.From15To20 => "15-20%",
        InterruptionClass.Above20 => ">20%",
        _ => "unknown",
    };
}
