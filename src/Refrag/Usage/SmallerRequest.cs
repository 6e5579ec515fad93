using System.Globalization;
using Refrag.Scheduling;

namespace Refrag.Usage;

/// <summary>The request that a job's use suggests: what it used at most, and a margin; never more than it asked for. Pure.</summary>
/// <param name="Asked">What it asked for.</param>
/// <param name="Proposed">What is proposed; the same where nothing less is.</param>
/// <param name="Notes">What is to be known of the proposal, as sentences.</param>
public sealed record SmallerRequest(Amount Asked, Amount Proposed, IReadOnlyList<string> Notes)
{
    /// <summary>What is added to the peaks, in percent.</summary>
    public const int MarginPercent = 25;

    private const int MilliOfVCpu = 1000;
    private const int MemoryStep = 256;

    // A driver keeps some memory of a GPU for itself; a program that has opened it holds more.
    private const long LittleGpuMemoryMiB = 256;

    /// <summary>Whether less is proposed of anything.</summary>
    public bool IsSmaller => Proposed != Asked;

    /// <summary>The overrides that ask for it; empty if nothing less is proposed.</summary>
    public IReadOnlyList<string> Overrides =>
    [
        .. Changed("env.vcpus", Asked.MilliVCpus, Proposed.MilliVCpus, MilliOfVCpu),
        .. Changed("env.memory", Asked.MemoryMiB, Proposed.MemoryMiB, 1),
        .. Changed("env.gpus", Asked.Gpus, Proposed.Gpus, 1),
    ];

    /// <summary>The proposal.</summary>
    /// <param name="asked">What one part of the job asked for.</param>
    /// <param name="used">What it used, over all its attempts.</param>
    public static SmallerRequest Of(Amount asked, JobUsage used)
    {
        List<string> notes = [];
        AttemptUsage most = used.Used;
        if (!most.IsFinal) notes.Add("It is what was seen so far, or before an end that was not seen; it may use more later.");
        return new SmallerRequest(
            asked, new Amount(VCpus(asked.MilliVCpus, most), Memory(asked.MemoryMiB, most, notes), Gpus(asked.Gpus, most, notes)), notes);
    }

    private static int VCpus(int asked, AttemptUsage most) => most.VCpusPeak is not { } peak
        ? asked
        : Math.Min(asked, Math.Max(1, (int)Math.Ceiling(Math.Round(WithMargin(peak), 3))) * MilliOfVCpu);

    // The kernel's peak misses no moment; the samples may. It counts cached files, which a smaller limit would only drop. It may be known
    // of some parts only, and then a sample of another may be larger.
    private static int Memory(int asked, AttemptUsage most, List<string> notes)
    {
        long? sampled = most.MemoryPeakMiB is { } peak ? Math.Max(peak, most.LargestProcessMiB ?? 0) : null;
        long? kernel = most.MemoryKernelPeakMiB;
        if (kernel is null && sampled is null) return asked;
        int proposed = Rounded(asked, Math.Max(kernel ?? 0, sampled ?? 0));
        if (kernel is null || kernel < sampled)
            notes.Add("Memory is the largest of its samples; a short peak between two of them is not seen.");
        else if (sampled is { } less && Rounded(asked, less) is var smaller && smaller < proposed)
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"The kernel's peak of memory counts cached files; without them the samples suggest env.memory={smaller}."));
        return proposed;
    }

    private static int Rounded(int asked, long peak) =>
        (int)Math.Min(asked, Math.Ceiling(WithMargin(Math.Max(1, peak)) / MemoryStep) * MemoryStep);

    private static int Gpus(int asked, AttemptUsage most, List<string> notes)
    {
        if (most.Gpus is not { Count: > 0 } gpus || asked == 0) return asked;
        GpuUsage[] idle = [.. gpus.Where(IdleGpu.Is)];
        GpuUsage[] free = [.. idle.Where(gpu => gpu is { Seconds: >= IdleGpu.LikelySeconds, MemoryPeakMiB: < LittleGpuMemoryMiB })];
        int holding = idle.Count(gpu => gpu.MemoryPeakMiB >= LittleGpuMemoryMiB);
        int brief = idle.Count(gpu => gpu is { Seconds: < IdleGpu.LikelySeconds, MemoryPeakMiB: < LittleGpuMemoryMiB });
        if (holding > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"{holding} of its GPUs did not compute in any sample, and held memory: it may need them."));
        if (brief > 0)
            notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"{brief} of its GPUs did not compute in any sample, over less than {IdleGpu.LikelySeconds:0} s: it may need them."));
        if (free.Length > 0) notes.Add(Unused(free));
        return Math.Max(0, asked - free.Length);
    }

    private static string Unused(GpuUsage[] free) => string.Create(CultureInfo.InvariantCulture,
        $"{free.Length} of its GPUs did not compute in any of {free.Min(gpu => gpu.Samples)} samples ")
        + string.Create(CultureInfo.InvariantCulture,
            $"over {free.Min(gpu => gpu.Seconds):0} s; work between two samples is not seen.");

    private static double WithMargin(double value) => value * (100 + MarginPercent) / 100;

    private static IEnumerable<string> Changed(string key, int asked, int proposed, int unit) => asked == proposed
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"{key}={proposed / unit}")];
}
