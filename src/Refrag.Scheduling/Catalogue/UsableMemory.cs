namespace Refrag.Scheduling.Catalogue;

/// <summary>How much of an instance's installed memory jobs can have.</summary>
public static class UsableMemory
{
    /// <summary>
    /// What the default image keeps for the container agent and critical processes, in MiB. (UG memory-management)
    /// </summary>
    public const int AgentMiB = 32;

    // Assumed: AWS gives one point only, an m4.large of 8,192 MiB that offers 7,985 (UG memory-management). Of the 207 MiB between them 32
    // are the agent's; the other 175 are the kernel's and the firmware's, whose tables grow with the memory they describe: so 175 for every
    // 8,192.
    private const int SystemMiB = 175;
    private const int InstalledAtPoint = 8192;

    /// <summary>
    /// The memory for jobs in MiB: <c>installed − 32 − ⌈installed × 175 / 8192⌉</c>, at least 0. Documented for 8,192 MiB (7,985), assumed
    /// elsewhere.
    /// </summary>
    public static int Of(int installedMiB)
    {
        long system = (((long)installedMiB * SystemMiB) + InstalledAtPoint - 1) / InstalledAtPoint;
        return (int)Math.Max(0, installedMiB - AgentMiB - system);
    }

    /// <summary>
    /// What a job surely gets, in MiB: 95 % of what is installed, and never more than <see cref="Of"/>. Between the two it depends on the
    /// machine image.
    /// </summary>
    // AWS advises to leave 5 % (UG ecs-reserved-memory), and all that was reported in public is above it: 7,817 of 8,192 MiB, and 31,431
    // to 31,672 of 32,768 (ASFHyP3/hyp3#582 and others), where the formula gives 7,985 and 32,036.
    public static int Sure(int installedMiB) => (int)Math.Min(Of(installedMiB), (long)installedMiB * 95 / 100);
}
