namespace Refrag.Targeting;

/// <summary>Where a job goes: a queue and a definition, and why.</summary>
/// <param name="Queue">The job queue's name.</param>
/// <param name="Definition">The job definition's name, with <c>:revision</c> where the user gave one, or its ARN.</param>
/// <param name="Reason">Why these two, in one sentence for people.</param>
public sealed record Target(string Queue, string Definition, string Reason)
{
    /// <summary>What is to happen once hosts were lost, in one sentence for people; null if the job is not to be moved.</summary>
    public string? Fallback { get; init; }
}
