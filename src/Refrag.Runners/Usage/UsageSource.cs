namespace Refrag.Runners.Usage;

/// <summary>Where the figures of an attempt come from: its control group, and for what that does not count its processes.</summary>
internal sealed record UsageSource
{
    /// <summary>The process that all others of the attempt come from.</summary>
    public required int Root { get; init; }

    /// <summary>Whether <see cref="Root"/> is the attempt's own; false for a process that only supervises it.</summary>
    public required bool IsOwn { get; init; }

    /// <summary>Its control group; null if it has none.</summary>
    public CgroupMeasures? Group { get; init; }

    /// <summary>Whether the group has counted nothing but this attempt.</summary>
    public bool IsFresh { get; init; }

    /// <summary>A folder of the file system that it works on; null for none.</summary>
    public string? Folder { get; init; }

    /// <summary>The GPUs that it may use, by their numbers or UUIDs; empty for none, null for all that can be seen.</summary>
    public IReadOnlyList<string>? Gpus { get; init; } = [];

    /// <summary>What is known now.</summary>
    /// <param name="processes">All processes, which are read only where they are needed.</param>
    public UsageMeasure Read(Func<ProcessSnapshot> processes)
    {
        UsageMeasure counted = Group?.Read() ?? default;
        if (counted is { CpuSeconds: not null, MemoryBytes: not null }) return counted;
        UsageMeasure tree = processes().Of(Root, IsOwn);
        return counted with { CpuSeconds = counted.CpuSeconds ?? tree.CpuSeconds, MemoryBytes = counted.MemoryBytes ?? tree.MemoryBytes };
    }

    /// <summary>Whether it began before it was sampled.</summary>
    public bool IsAdopted { get; init; }

    /// <summary>Whether processor time counts from the attempt's beginning.</summary>
    public bool CountsFromItsStart => !IsAdopted && (IsFresh || Group?.Read().CpuSeconds is null);
}
