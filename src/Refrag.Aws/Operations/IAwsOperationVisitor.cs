namespace Refrag.Aws;

/// <summary>Works with an operation and its types: for servers, which find operations in a table by name or path.</summary>
/// <typeparam name="TResult">The result.</typeparam>
public interface IAwsOperationVisitor<out TResult>
{
    /// <summary>Called by <see cref="AwsOperation.Accept"/>.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="operation">The operation.</param>
    TResult Visit<TRequest, TResponse>(AwsOperation<TRequest, TResponse> operation)
        where TRequest : class
        where TResponse : class;
}
