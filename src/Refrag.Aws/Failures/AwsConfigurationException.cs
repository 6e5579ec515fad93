namespace Refrag.Aws;

/// <summary>The region, the endpoint or the profile is missing or wrong. Nothing was sent.</summary>
/// <param name="operation">The operation's name.</param>
/// <param name="problems">What is missing or wrong; at least one.</param>
public sealed class AwsConfigurationException(string operation, IReadOnlyList<Problem> problems) : AwsException(operation, problems[0])
{
    /// <summary>Everything that is missing or wrong.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
