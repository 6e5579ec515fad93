using System.Globalization;

namespace Refrag.Engine.Jobs;

/// <summary>What a job asks for, or a host has.</summary>
internal readonly record struct Demand(VCpus VCpus, MebiBytes Memory, Gpus Gpus)
{
    /// <summary>Both together.</summary>
    public static Demand operator +(Demand a, Demand b) =>
        new(new VCpus(a.VCpus.Value + b.VCpus.Value), new MebiBytes(a.Memory.Value + b.Memory.Value),
            new Gpus(a.Gpus.Value + b.Gpus.Value));

    /// <summary>The first without the second.</summary>
    public static Demand operator -(Demand a, Demand b) =>
        new(new VCpus(a.VCpus.Value - b.VCpus.Value), new MebiBytes(a.Memory.Value - b.Memory.Value),
            new Gpus(a.Gpus.Value - b.Gpus.Value));

    /// <summary>Whether its vCPUs and memory fit where <paramref name="used"/> of <paramref name="capacity"/> is taken.</summary>
    public bool FitsBeside(Demand capacity, Demand used) =>
        VCpus.Value + used.VCpus.Value <= capacity.VCpus.Value && Memory.Value + used.Memory.Value <= capacity.Memory.Value;

    /// <summary>For people: <c>4 vCPUs and 8192 MiB</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{VCpus} vCPUs and {Memory} MiB");
}
