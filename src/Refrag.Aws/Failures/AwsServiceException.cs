using System.Net;

namespace Refrag.Aws;

/// <summary>The service answered an error.</summary>
public class AwsServiceException : AwsException
{
    internal AwsServiceException(AwsService service, string operation, AwsError error)
        : base(operation, FailureProblems.Of(service, operation, error)) =>
        Error = error;

    /// <summary>What the service answered.</summary>
    public AwsError Error { get; }

    /// <summary>The error code, such as <c>ClientException</c>.</summary>
    public string ErrorCode => Error.Code;

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode StatusCode => Error.StatusCode;

    /// <summary>The service's id of the request; null if it gave none.</summary>
    public string? RequestId => Error.RequestId;

    /// <inheritdoc/>
    public override bool MayPass => Error.IsThrottling || Error.IsServerFault;

    /// <summary>
    /// Whether the request may have had its effect although an error came back: true for faults of the service that are not throttling.
    /// </summary>
    public override bool MayHaveTakenEffect => Error.IsServerFault && !Error.IsThrottling;
}
