namespace Refrag.Aws.Ecs;

/// <summary>An operation of ECS. <see cref="EcsOperations"/> has what it takes to see which tasks Batch has in an environment's cluster.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class EcsOperation<TRequest, TResponse> : AwsOperation<TRequest, TResponse>, IAnsweredBy<IEcsTransport>
    where TRequest : class
    where TResponse : class
{
    internal EcsOperation(string name)
        : base(AwsService.Ecs, name, EcsJson.Options)
    {
    }

    /// <inheritdoc/>
    public async Task<object> AnswerAsync(IEcsTransport transport, object request, CancellationToken cancellationToken) =>
        await transport.SendAsync(this, (TRequest)request, cancellationToken);

    internal override AwsServiceException Failure(AwsError error) => new EcsException(Name, error);
}
