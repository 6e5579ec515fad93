using Refrag.Scheduling.Catalogue;

namespace Refrag.Scheduling.Fitting;

/// <summary>How one instance type meets one requirement.</summary>
/// <param name="Type">The instance type.</param>
/// <param name="PerInstance">How many such jobs one instance hosts at a time; 0 where it hosts none. For a node of a multi-node job at most
/// 1.</param>
/// <param name="Shortfalls">What it lacks; empty where it hosts the job.</param>
public sealed record TypeFit(InstanceType Type, int PerInstance, IReadOnlyList<Shortfall> Shortfalls)
{
    /// <summary>Whether the job can run on it.</summary>
    public bool Hosts => Shortfalls.Count == 0;

    /// <summary>
    /// How many such jobs one instance hosts whatever its machine image keeps for itself; 0 if even one fits only on some images.
    /// </summary>
    public int SurelyPerInstance { get; private init; }

    /// <summary>Whether the job can run on it whatever its machine image; else it probably can, or it cannot.</summary>
    public bool IsSure => SurelyPerInstance > 0;

    // Near is: few dimensions, then little of each. A wrong architecture is never near.
    internal (bool WrongArchitecture, int Dimensions, double Part) Distance =>
        (Shortfalls.Any(s => s.Dimension is Dimension.Architecture), Shortfalls.Count, Shortfalls.Sum(s => s.Part));

    internal static TypeFit Of(Requirement requirement, InstanceType type)
    {
        Amount usable = type.Usable;
        List<Shortfall> shortfalls =
        [
            .. Shortfall.Between(requirement.Amount, usable).Select(lack => lack with { Note = Note(lack, type) }),
        ];
        if (requirement.Architecture is { } wanted && wanted != type.Architecture) shortfalls.Add(new(Dimension.Architecture, 1, 0));
        bool hosts = shortfalls.Count == 0;
        return new TypeFit(type, hosts ? Times(requirement, usable) : 0, shortfalls)
        {
            SurelyPerInstance = hosts ? Times(requirement, type.SurelyUsable) : 0,
        };
    }

    private static string? Note(Shortfall lack, InstanceType type) => lack.Dimension switch
    {
        Dimension.VCpus when type.IsMac => "Batch starts no Macs",
        Dimension.Gpus when type is { Gpus: 0, AcceleratorText: { } others } => $"only whole GPUs of NVIDIA count, and it has {others}",
        _ => null,
    };

    private static int Times(Requirement requirement, Amount usable)
    {
        int times = requirement.Amount.TimesIn(usable);
        return requirement.Nodes > 1 ? Math.Min(1, times) : times;
    }
}
