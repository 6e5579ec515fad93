using Refrag.Claims;

namespace Refrag.Reactions;

/// <summary>What a host did about a job.</summary>
public abstract record Reaction
{
    private protected Reaction() { }

    /// <summary>Nothing is to be done.</summary>
    public sealed record None : Reaction;

    /// <summary>The job has a successor.</summary>
    /// <param name="JobId">The successor's id.</param>
    /// <param name="Reason">Why, in words; null if another host has moved it.</param>
    /// <param name="Queue">Where the successor is; null if another host has moved it.</param>
    /// <param name="Region">The successor's region; null for that of the job.</param>
    public sealed record Moved(string JobId, string? Reason, string? Queue, string? Region = null) : Reaction;

    /// <summary>The job was asked to end where it is; its end is not seen yet. It is to be read and asked again.</summary>
    /// <param name="Region">Where it is to be submitted then.</param>
    /// <param name="Reason">Why, in words.</param>
    public sealed record Leaving(string Region, string Reason) : Reaction;

    /// <summary>Another host is at it, or this one was and does not know the result. It is to be asked again.</summary>
    /// <param name="Claim">The claim.</param>
    /// <param name="Unknown">What is not known of this host's own try; null if it has not tried.</param>
    public sealed record Waiting(Claim Claim, Problem? Unknown) : Reaction;

    /// <summary>The job is to be moved, and cannot be.</summary>
    /// <param name="Problem">Why.</param>
    public sealed record Refused(Problem Problem) : Reaction;
}
