namespace Refrag.Aws;

/// <summary>No answer came: the endpoint could not be reached, or the connection broke, or the answer could not be read.</summary>
/// <param name="service">The service that was called.</param>
/// <param name="operation">The operation's name.</param>
/// <param name="endpoint">Where the request was sent.</param>
/// <param name="answerLost">Whether the request may have arrived.</param>
/// <param name="inner">What the network reported.</param>
public sealed class AwsConnectionException(AwsService service, string operation, Uri endpoint, bool answerLost, Exception inner)
    : AwsException(operation, FailureProblems.Of(service, operation, endpoint, answerLost, inner), inner)
{
    /// <summary>The service that was asked.</summary>
    public AwsService Service { get; } = service;

    /// <summary>Where the request was sent.</summary>
    public Uri Endpoint { get; } = endpoint;

    /// <summary>Whether the request may have arrived and taken effect. False means that it surely did not.</summary>
    public bool AnswerLost { get; } = answerLost;

    /// <inheritdoc/>
    public override bool MayPass => true;

    /// <inheritdoc/>
    public override bool MayHaveTakenEffect => AnswerLost;
}
