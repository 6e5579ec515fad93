using Refrag.Aws;

namespace Refrag.Launching;

/// <summary>
/// A transport for what follows jobs for hours: a question without an answer is asked again until there is one, as long as
/// <see cref="OutageTolerance"/> allows. For questions only: what changes something may have been done though no answer came.
/// </summary>
/// <param name="transport">Carries each question.</param>
/// <param name="time">The clock.</param>
/// <param name="unanswered">Called once for each outage; of questions that are asked at once, for each of them.</param>
public sealed class PatientTransport(IAwsTransport transport, TimeProvider time, Action<AwsException> unanswered) : IAwsTransport
{
    // That of a job which does not change: what has no answer is not asked more often.
    private static readonly TimeSpan s_pause = PollPace.Remote.Longest;

    /// <inheritdoc/>
    public async Task<TResponse> SendAsync<TRequest, TResponse>(
        AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
        where TRequest : class
        where TResponse : class
    {
        OutageTolerance tolerance = new(time, unanswered);
        TResponse? response = null;
        while (!await tolerance.TryAsync(async () => response = await transport.SendAsync(operation, request, cancellationToken)))
            await Task.Delay(s_pause, time, cancellationToken);
        return response!;
    }
}
