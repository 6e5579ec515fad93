using Refrag.Engine.Jobs;

namespace Refrag.Engine.Placement;

/// <summary>Decides who of those that wait gets a place now, and where. The only place where that is decided. Owned by the writer loop.</summary>
internal interface IPlacement
{
    /// <summary>The jobs that start now. What they need is theirs from then on, until <see cref="Release"/>.</summary>
    IReadOnlyList<Placed> Choose();

    /// <summary>The ids of a queue's runnable jobs in the order in which they would start.</summary>
    IEnumerable<string> Order(string queue);

    /// <summary>Gives a job that was running before the engine started what it had.</summary>
    void Restore(Job job);

    /// <summary>Takes back what an attempt had.</summary>
    void Release(Job job);

    /// <summary>What there is in all.</summary>
    Demand Capacity { get; }

    /// <summary>Says which GPUs there are.</summary>
    void SetGpus(IReadOnlyList<string> ids);
}

/// <summary>A job that starts.</summary>
/// <param name="Job">The job.</param>
/// <param name="ComputeEnvironment">The name of the environment that it starts in.</param>
/// <param name="Gpus">The GPUs that are its alone.</param>
/// <param name="Note">What is to be said of it; null for nothing.</param>
internal sealed record Placed(Job Job, string ComputeEnvironment, IReadOnlyList<string> Gpus, string? Note);
