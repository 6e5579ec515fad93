using Refrag.Aws;
using Refrag.Engine.Names;

namespace Refrag.Engine.Operations;

/// <summary>Who has an operation answered, and how.</summary>
/// <param name="Engine">Carries the operations that one consists of.</param>
/// <param name="Loop">Executes in the writer loop.</param>
/// <param name="Stop">Gives up waiting for the answer.</param>
internal readonly record struct OperationCaller(IAwsTransport Engine, IWriterLoop Loop, CancellationToken Stop);

/// <summary>The one writer of the state, as operations see it.</summary>
internal interface IWriterLoop
{
    /// <summary>Executes an operation in the loop; the response comes after the commit. A <see cref="Refusal"/> becomes the service's
    /// failure.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The response.</typeparam>
    /// <param name="operation">The operation.</param>
    /// <param name="request">The request.</param>
    /// <param name="handler">Answers it, in the loop.</param>
    /// <param name="cancellationToken">Gives up waiting; the operation is executed all the same.</param>
    Task<TResponse> ExecuteAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, Func<TRequest, OperationResult<TResponse>> handler,
        CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class;
}
