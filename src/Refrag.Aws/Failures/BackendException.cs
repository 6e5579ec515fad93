namespace Refrag.Aws;

/// <summary>What answers operations without HTTP, such as a Slurm cluster, failed; the problem has its own words and code.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="problem">What is wrong, and the cure.</param>
/// <param name="mayPass">Whether the same request may succeed later.</param>
/// <param name="mayHaveTakenEffect">Whether the request may have had its effect all the same.</param>
public sealed class BackendException(string operation, Problem problem, bool mayPass = false, bool mayHaveTakenEffect = false)
    : AwsException(operation, problem)
{
    /// <inheritdoc/>
    public override bool MayPass { get; } = mayPass;

    /// <inheritdoc/>
    public override bool MayHaveTakenEffect { get; } = mayHaveTakenEffect;
}
