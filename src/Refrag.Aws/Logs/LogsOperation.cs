namespace Refrag.Aws.Logs;

/// <summary>An operation of CloudWatch Logs. <see cref="LogsOperations"/> has those that reading a job's output needs.</summary>
/// <typeparam name="TRequest">What is asked.</typeparam>
/// <typeparam name="TResponse">What is answered.</typeparam>
public sealed class LogsOperation<TRequest, TResponse> : AwsOperation<TRequest, TResponse>, IAnsweredBy<ILogsTransport>
    where TRequest : class
    where TResponse : class
{
    internal LogsOperation(string name)
        : base(AwsService.Logs, name, LogsJson.Options)
    {
    }

    /// <inheritdoc/>
    public async Task<object> AnswerAsync(ILogsTransport transport, object request, CancellationToken cancellationToken) =>
        await transport.SendAsync(this, (TRequest)request, cancellationToken);

    internal override AwsServiceException Failure(AwsError error) => new LogsException(Name, error);
}
