namespace Refrag.Runners.Usage;

/// <summary>Makes averages and peaks of samples. Pure: the same samples give the same figures.</summary>
/// <param name="countsFromStart">Whether processor time counts from the beginning.</param>
/// <param name="hasOwnPeak">Whether the kernel's peak is of this attempt alone.</param>
internal sealed class UsageMeter(bool countsFromStart, bool hasOwnPeak)
{
    private const double BytesOfMebi = 1_048_576;

    // Over less than this, the resolution of the clocks makes a peak of nothing.
    private const double ShortestSpan = 0.2;

    private readonly Dictionary<string, GpuMeter> _gpus = new(StringComparer.Ordinal);
    private (double At, double Cpu)? _first = countsFromStart ? (0, 0) : null;
    private (double At, double Cpu)? _last = countsFromStart ? (0, 0) : null;
    private long? _peakBefore = hasOwnPeak ? 0 : null;
    private long? _peak;
    private double? _vcpusPeak;
    private long? _memoryPeak;
    private double _memorySum;
    private double _memoryTime;
    private double _memoryAt;
    private UsageMeasure _measure;
    private EndedUse? _ended;
    private long? _diskPeak;
    private long? _diskSize;
    private bool _hasGpus;

    /// <summary>How long it was measured, in seconds.</summary>
    public double Seconds { get; private set; }

    /// <summary>How many samples there are.</summary>
    public int Samples { get; private set; }

    /// <summary>Takes a sample.</summary>
    /// <param name="seconds">When, from the beginning.</param>
    /// <param name="measure">The sample.</param>
    public void Add(double seconds, UsageMeasure measure)
    {
        Samples++;
        Seconds = Math.Max(Seconds, seconds);
        // What the processes of a tree have used is lost with those for which nothing has waited.
        if (measure.CpuSeconds is { } cpu) AddCpu(seconds, Math.Max(cpu, _last?.Cpu ?? 0));
        if (measure.MemoryBytes is { } memory) AddMemory(seconds, memory);
        if (measure.MemoryPeakBytes is { } peak)
        {
            _peakBefore ??= peak;
            // A peak that was there before may be an earlier attempt's.
            if (peak > _peakBefore) _peak = peak;
        }
        _measure = measure;
    }

    /// <summary>Takes the use of a file system.</summary>
    public void AddDisk(long usedBytes, long sizeBytes) =>
        (_diskPeak, _diskSize) = (Math.Max(_diskPeak ?? 0, usedBytes), sizeBytes);

    /// <summary>Takes a sample of its GPUs.</summary>
    public void Add(double seconds, IEnumerable<GpuSample> gpus)
    {
        _hasGpus = true;
        foreach (GpuSample sample in gpus)
        {
            if (!_gpus.TryGetValue(sample.Uuid, out GpuMeter? meter)) _gpus[sample.Uuid] = meter = new GpuMeter(sample, seconds);
            meter.Add(seconds, sample);
        }
    }

    /// <summary>Takes what the kernel has counted of it, when it has ended.</summary>
    public void End(double seconds, EndedUse? use)
    {
        (Seconds, _ended) = (Math.Max(Seconds, seconds), use);
        // What came after the last sample; from another beginning the two cannot be compared.
        if (countsFromStart && use is { } ended) AddCpu(Seconds, Math.Max(ended.CpuSeconds, _last?.Cpu ?? 0));
    }

    /// <summary>The figures.</summary>
    public AttemptUsage Usage(bool isFinal) => new()
    {
        Seconds = Math.Round(Seconds, 1),
        Samples = Samples,
        IsFinal = isFinal,
        VCpusAverage = Rounded(Average()),
        VCpusPeak = Rounded(Peak()),
        MemoryAverageMiB = _memoryTime > 0 ? ToMebi(_memorySum / _memoryTime) : null,
        MemoryPeakMiB = ToMebi(_memoryPeak),
        MemoryKernelPeakMiB = ToMebi(_peak),
        LargestProcessMiB = ToMebi(_ended?.LargestBytes),
        DiskReadMiB = ToMebi(_measure.ReadBytes),
        DiskWrittenMiB = ToMebi(_measure.WrittenBytes),
        DiskUsedPeakMiB = ToMebi(_diskPeak),
        DiskSizeMiB = ToMebi(_diskSize),
        Gpus = _hasGpus ? [.. _gpus.Values.Select(gpu => gpu.Usage())] : null,
    };

    private void AddCpu(double seconds, double cpu)
    {
        _first ??= (seconds, cpu);
        if (_last is { } last && seconds - last.At >= ShortestSpan)
            _vcpusPeak = Math.Max(_vcpusPeak ?? 0, (cpu - last.Cpu) / (seconds - last.At));
        if (_last is null || seconds - _last.Value.At >= ShortestSpan) _last = (seconds, cpu);
    }

    private void AddMemory(double seconds, long bytes)
    {
        double span = Math.Max(0, seconds - _memoryAt);
        (_memorySum, _memoryTime, _memoryAt) = (_memorySum + (bytes * span), _memoryTime + span, seconds);
        _memoryPeak = Math.Max(_memoryPeak ?? 0, bytes);
    }

    private double? Average()
    {
        if (_ended is { } ended && Seconds > 0) return ended.CpuSeconds / Seconds;
        return _first is { } first && _last is { } last && last.At > first.At ? (last.Cpu - first.Cpu) / (last.At - first.At) : null;
    }

    // A last interval that was too short to be measured counts in the average alone.
    private double? Peak() => _vcpusPeak is { } peak ? Math.Max(peak, Average() ?? 0) : null;

    private static double? Rounded(double? value) => value is { } known ? Math.Round(known, 3) : null;

    private static long? ToMebi(double? bytes) => bytes is { } known ? (long)Math.Ceiling(known / BytesOfMebi) : null;

    /// <summary>Averages and peaks of one GPU.</summary>
    private sealed class GpuMeter(GpuSample first, double begin)
    {
        private int _samples;
        private int _busySamples;
        private double _busySum;
        private double? _busyPeak;
        private long? _memoryPeak;
        private readonly double _begin = begin;
        private double _end = begin;

        public void Add(double seconds, GpuSample sample)
        {
            (_samples, _end) = (_samples + 1, seconds);
            if (sample.BusyPercent is { } busy)
                (_busySamples, _busySum, _busyPeak) = (_busySamples + 1, _busySum + busy, Math.Max(_busyPeak ?? 0, busy));
            if (sample.MemoryMiB is { } memory) _memoryPeak = Math.Max(_memoryPeak ?? 0, memory);
        }

        public GpuUsage Usage() => new()
        {
            Id = first.Index,
            Name = first.Name,
            Samples = _samples,
            Seconds = Math.Round(_end - _begin, 1),
            BusyPercentAverage = _busySamples > 0 ? Math.Round(_busySum / _busySamples, 1) : null,
            BusyPercentPeak = _busyPeak,
            MemoryPeakMiB = _memoryPeak,
            MemoryMiB = first.TotalMiB,
        };
    }
}
