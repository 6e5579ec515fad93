using System.Globalization;

namespace Refrag.Scheduling.Fitting;

/// <summary>What a host can lack.</summary>
public enum Dimension
{
    /// <summary>vCPUs; counted in thousandths.</summary>
    VCpus,

    /// <summary>Memory; counted in MiB that jobs can have, not that are installed.</summary>
    Memory,

    /// <summary>GPUs.</summary>
    Gpus,

    /// <summary>The processor architecture; not counted.</summary>
    Architecture,
}

/// <summary>By how much a host misses a requirement in one dimension.</summary>
/// <param name="Dimension">The dimension.</param>
/// <param name="Needed">What is asked for.</param>
/// <param name="Offered">What one host has for jobs.</param>
public sealed record Shortfall(Dimension Dimension, long Needed, long Offered)
{
    /// <summary>What else there is to say of what is offered, for people; null for nothing.</summary>
    public string? Note { get; init; }

    /// <summary>How much is missing.</summary>
    public long Missing => Needed - Offered;

    /// <summary>How much is missing as a part of what is needed: above 0, at most 1.</summary>
    public double Part => Needed == 0 ? 1 : (double)Missing / Needed;

    /// <summary>For people: <c>needs 32768 MiB of memory, offers 32036 (732 short)</c>.</summary>
    public override string ToString() => Note is null ? Figures : $"{Figures}: {Note}";

    private string Figures => Dimension switch
    {
        Dimension.VCpus => string.Create(CultureInfo.InvariantCulture, $"needs {Needed / 1000m} vCPUs, offers {Offered / 1000m}"),
        Dimension.Memory =>
            string.Create(CultureInfo.InvariantCulture, $"needs {Needed} MiB of memory, offers {Offered} ({Missing} short)"),
        Dimension.Gpus => string.Create(CultureInfo.InvariantCulture, $"needs {Needed} {(Needed == 1 ? "GPU" : "GPUs")}, offers {Offered}"),
        _ => "has another processor architecture",
    };

    internal static IReadOnlyList<Shortfall> Between(Amount needed, Amount offered)
    {
        List<Shortfall> found = [];
        if (needed.MilliVCpus > offered.MilliVCpus) found.Add(new(Dimension.VCpus, needed.MilliVCpus, offered.MilliVCpus));
        if (needed.MemoryMiB > offered.MemoryMiB) found.Add(new(Dimension.Memory, needed.MemoryMiB, offered.MemoryMiB));
        if (needed.Gpus > offered.Gpus) found.Add(new(Dimension.Gpus, needed.Gpus, offered.Gpus));
        return found;
    }
}
