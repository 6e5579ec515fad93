namespace Refrag.Aws;

/// <summary>The request breaks documented limits, and was therefore not sent.</summary>
/// <param name="operation">The operation.</param>
/// <param name="problems">Every limit that it breaks; at least one.</param>
public sealed class InvalidRequestException(AwsOperation operation, IReadOnlyList<Problem> problems)
    : AwsException(operation.Name, problems[0])
{
    /// <summary>The service of the operation: several services have operations of one name.</summary>
    public AwsService Service { get; } = operation.Service;

    /// <summary>Every limit that the request breaks, code RF31xx.</summary>
    public IReadOnlyList<Problem> Problems { get; } = problems;
}
