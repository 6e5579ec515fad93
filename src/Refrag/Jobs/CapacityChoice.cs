namespace Refrag.Jobs;

/// <summary>Which capacity a job is for. What is null was not said, and the queues of the kind decide.</summary>
public sealed record CapacityChoice
{

    /// <summary>What the job asks of Spot.</summary>
    public SpotUse? Spot { get; init; }

    /// <summary>How many attempts may lose their host on Spot, 1 to 10; null for one more than <c>env.retries</c>.</summary>
    public int? SpotAttempts { get; init; }

    /// <summary>The queues whose compute environments are on demand alone.</summary>
    public KindQueues OnDemand { get; init; } = new(null, null);

    /// <summary>How urgent the job is.</summary>
    public PriorityClass? Priority { get; init; }

    /// <summary>The queues before the plain ones.</summary>
    public KindQueues High { get; init; } = new(null, null);

    /// <summary>The queues behind the plain ones.</summary>
    public KindQueues Low { get; init; } = new(null, null);

    /// <summary>
    /// Where those that may move the job make their claims: a URL, or the id of a machine's own folder. Null if that is not said, and if
    /// nothing but a sweep may move it.
    /// </summary>
    public string? Claims { get; init; }
}

/// <summary>What a job asks of Spot capacity.</summary>
public enum SpotUse
{
    /// <summary>On Spot, and on demand once enough attempts have lost their host.</summary>
    First,

    /// <summary>In the queue of its kind, however often it loses its host.</summary>
    Only,

    /// <summary>On demand from the beginning.</summary>
    Never,
}

/// <summary>How urgent a job is beside those that share its compute environments.</summary>
public enum PriorityClass
{
    /// <summary>Before the others.</summary>
    High,

    /// <summary>Between the two.</summary>
    Normal,

    /// <summary>Behind the others.</summary>
    Low,
}

/// <summary>A queue for CPU work and one for GPU work; null if there is no such queue.</summary>
/// <param name="Cpu">Chosen where no GPU is asked for.</param>
/// <param name="Gpu">Chosen where at least one GPU is asked for.</param>
public sealed record KindQueues(string? Cpu, string? Gpu)
{
    /// <summary>The one for what a container needs.</summary>
    public string? For(Requirements requirements) => requirements.Gpus.Value > 0 ? Gpu : Cpu;
}
