namespace Refrag.Aws;

/// <summary>Does something with an operation and its types, which only the operation itself knows: for servers, which find operations in a table.</summary>
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
