namespace Refrag.Aws.Batch;

/// <summary>An operation of AWS Batch. <see cref="BatchOperations"/> has them all.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class BatchOperation<TRequest, TResponse> : AwsOperation<TRequest, TResponse>, IAnsweredBy<IBatchTransport>
    where TRequest : class
    where TResponse : class
{
    internal BatchOperation(string name)
        : base(AwsService.Batch, name, BatchJson.Options)
    {
    }

    /// <inheritdoc/>
    public async Task<object> AnswerAsync(IBatchTransport transport, object request, CancellationToken cancellationToken) =>
        await transport.SendAsync(this, (TRequest)request, cancellationToken);

    internal override AwsServiceException Failure(AwsError error) => new BatchException(Name, error);
}
