using System.Globalization;
using System.Runtime.InteropServices;

namespace Refrag.Scheduling;

/// <summary>
/// How much of each dimension something has or wants. Whole numbers, so that sums are exact; never negative where it is a demand or a
/// capacity.
/// </summary>
/// <param name="MilliVCpus">Thousandths of a vCPU.</param>
/// <param name="MemoryMiB">Memory in MiB.</param>
/// <param name="Gpus">Whole GPUs.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Amount(int MilliVCpus, int MemoryMiB, int Gpus)
{
    /// <summary>From units. Throws <see cref="OverflowException"/> beyond two million vCPUs or 2 PiB, which no host has.</summary>
    public static Amount Of(VCpus vCpus, MebiBytes memory, Gpus gpus) =>
        new(decimal.ToInt32(decimal.Ceiling(vCpus.Value * 1000)), checked((int)memory.Value), gpus.Value);

    /// <summary>From plain numbers: whole vCPUs, MiB, GPUs.</summary>
    public static Amount Of(int vCpus, int memoryMiB, int gpus = 0) => new(checked(vCpus * 1000), memoryMiB, gpus);

    /// <summary>The vCPUs as a unit.</summary>
    public VCpus VCpus => new(MilliVCpus / 1000m);

    /// <summary>Both together.</summary>
    public static Amount operator +(Amount a, Amount b) => new(a.MilliVCpus + b.MilliVCpus, a.MemoryMiB + b.MemoryMiB, a.Gpus + b.Gpus);

    /// <summary>What is left; negative in a dimension where <paramref name="b"/> is larger.</summary>
    public static Amount operator -(Amount a, Amount b) => new(a.MilliVCpus - b.MilliVCpus, a.MemoryMiB - b.MemoryMiB, a.Gpus - b.Gpus);

    /// <summary><paramref name="count"/> times as much.</summary>
    public static Amount operator *(Amount one, int count) => checked(new(one.MilliVCpus * count, one.MemoryMiB * count, one.Gpus * count));

    /// <summary>Whether it is no larger than <paramref name="room"/> in any dimension.</summary>
    public bool FitsIn(Amount room) => MilliVCpus <= room.MilliVCpus && MemoryMiB <= room.MemoryMiB && Gpus <= room.Gpus;

    /// <summary>How often it fits side by side into <paramref name="room"/>; <see cref="int.MaxValue"/> for nothing at all.</summary>
    public int TimesIn(Amount room)
    {
        if (!FitsIn(room)) return 0;
        int times = int.MaxValue;
        if (MilliVCpus > 0) times = Math.Min(times, room.MilliVCpus / MilliVCpus);
        if (MemoryMiB > 0) times = Math.Min(times, room.MemoryMiB / MemoryMiB);
        if (Gpus > 0) times = Math.Min(times, room.Gpus / Gpus);
        return times;
    }

    /// <summary>For people: <c>4 vCPUs, 8192 MiB, 1 GPU</c>.</summary>
    public override string ToString()
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"{VCpus} {(MilliVCpus == 1000 ? "vCPU" : "vCPUs")}, {MemoryMiB} MiB");
        return Gpus == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}, {Gpus} {(Gpus == 1 ? "GPU" : "GPUs")}");
    }
}
