using System.Collections.Frozen;

namespace Refrag.Scheduling.Catalogue;

/// <summary>The pairs of vCPUs and memory that Fargate accepts. (API ResourceRequirement)</summary>
public static class FargateSizes
{
    // vCPUs in thousandths; the smallest and the largest memory in MiB; the step between.
    private static readonly (int MilliVCpus, int From, int To, int Step)[] s_sizes =
    [
        (500, 1024, 4096, 1024),
        (1000, 2048, 8192, 1024),
        (2000, 4096, 16384, 1024),
        (4000, 8192, 30720, 1024),
        (8000, 16384, 61440, 4096),
        (16000, 32768, 122880, 8192),
    ];

    private static readonly int[] s_quarterMemories = [512, 1024, 2048];

    private static readonly FrozenSet<Amount> s_accepted = Sizes().ToFrozenSet();

    /// <summary>Every accepted size, the smallest first.</summary>
    public static IReadOnlyList<Amount> All { get; } = [.. Sizes()];

    /// <summary>Whether Fargate runs a job of exactly this size. Never with a GPU.</summary>
    public static bool Accepts(Amount size) => s_accepted.Contains(size);

    /// <summary>The smallest accepted size that is no smaller in any dimension; null if there is none.</summary>
    public static Amount? RoundUp(Amount size)
    {
        foreach (Amount accepted in All)
        {
            if (size.FitsIn(accepted)) return accepted;
        }
        return null;
    }

    private static IEnumerable<Amount> Sizes()
    {
        foreach (int memory in s_quarterMemories) yield return new Amount(250, memory, 0);
        foreach ((int milliVCpus, int from, int to, int step) in s_sizes)
        {
            for (int memory = from; memory <= to; memory += step) yield return new Amount(milliVCpus, memory, 0);
        }
    }
}
