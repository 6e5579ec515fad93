using Refrag.Claims;
using Refrag.Policies;

namespace Refrag.Scaling;

/// <summary>What became of an action.</summary>
public abstract record ScalingResult
{
    private protected ScalingResult() { }

    /// <summary>The bound has the new value.</summary>
    public sealed record Changed : ScalingResult;

    /// <summary>Another host makes this change, or one that excludes it.</summary>
    /// <param name="Claim">Its claim.</param>
    public sealed record Held(Claim Claim) : ScalingResult;

    /// <summary>Batch carries out another change of the environment; a later round decides again.</summary>
    public sealed record Later : ScalingResult;

    /// <summary>It was not made, or it is not known whether it was. The next round reads how it stands.</summary>
    /// <param name="Problem">Why.</param>
    public sealed record Failed(Problem Problem) : ScalingResult;
}

/// <summary>What became of one change.</summary>
/// <param name="Action">The change.</param>
/// <param name="Result">What became of it.</param>
public sealed record ScalingOutcome(PolicyAction Action, ScalingResult Result);

/// <summary>What a policy wants of an environment at one time.</summary>
/// <param name="Target">The policy with its environment.</param>
/// <param name="Seen">What was read.</param>
/// <param name="Actions">What is to be done; empty for nothing.</param>
public sealed record ScalingDecision(ScalingTarget Target, EnvironmentObservation Seen, IReadOnlyList<PolicyAction> Actions);
