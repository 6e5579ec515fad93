namespace Refrag.Aws;

/// <summary>The request breaks documented limits, and was therefore not sent.</summary>
/// <param name="service">The service of the operation.</param>
/// <param name="operation">The operation's name.</param>
/// <param name="problems">Every limit that it breaks; at least one.</param>
public sealed class InvalidRequestException(AwsService service, string operation, IReadOnlyList<Problem> problems)
    : AwsException(operation, problems[0])
{
    /// <summary>The service of the operation: several services have operations of one name.</summary>
    public AwsService Service { get; } = service;

    /// <summary>Every limit that the request breaks, code RF31xx.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
