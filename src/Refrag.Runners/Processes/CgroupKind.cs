using System.Globalization;
using Refrag.Runners.Attempts;

namespace Refrag.Runners.Processes;

/// <summary>What the kernel's version of control groups calls things, and what it can do.</summary>
/// <param name="IsUnified">Whether it is version 2.</param>
/// <param name="LetsThreadsIn">Whether a single thread of this process may go into a group and come back: version 1, where the parent may
/// be written too.</param>
internal sealed record CgroupKind(bool IsUnified, bool LetsThreadsIn)
{
    private const long BytesOfMebi = 1_048_576;

    // What a container engine makes of shares: 1024 a vCPU; version 2 maps 2..262144 to 1..10000.
    private const int SharesOfVCpu = 1024;
    private const int MostShares = 262_144;

    // The kernel keeps some pages at hand for each processor, which count.
    private const long LittleMemory = BytesOfMebi;

    private const string Killed = "oom_kill ";

    /// <summary>Writes how much memory a group may have; false where that is not taken.</summary>
    public bool TryLimitMemory(string folder, AttemptLimits limits) => CgroupFiles.TryWrite(
        Path.Combine(folder, IsUnified ? "memory.max" : "memory.limit_in_bytes"),
        (limits.Memory.Value * BytesOfMebi).ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes a group's share of the processors; false where that is not taken.</summary>
    public bool TryShareCpu(string folder, AttemptLimits limits)
    {
        int shares = Math.Clamp((int)(limits.VCpus.Value * SharesOfVCpu), 2, MostShares);
        return CgroupFiles.TryWrite(
            Path.Combine(folder, IsUnified ? "cpu.weight" : "cpu.shares"),
            (IsUnified ? 1 + ((shares - 2L) * 9999 / (MostShares - 2)) : shares).ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>How many processes were killed for want of memory since the group was made.</summary>
    public long OomKills(string folder)
    {
        foreach (string line in CgroupFiles.Lines(Path.Combine(folder, IsUnified ? "memory.events" : "memory.oom_control")))
        {
            if (line.StartsWith(Killed, StringComparison.Ordinal))
                return long.Parse(line.AsSpan(Killed.Length), CultureInfo.InvariantCulture);
        }
        return 0;
    }

    /// <summary>Whether hardly any memory counts as the group's: files in memory outlive those who made them.</summary>
    public bool HasLittleMemory(string folder) =>
        long.TryParse(CgroupFiles.Text(Path.Combine(folder, IsUnified ? "memory.current" : "memory.usage_in_bytes")),
            NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long bytes)
        && bytes <= LittleMemory;
}
