using System.Net;

namespace Refrag.Server.Failures;

/// <summary>What a client is answered instead of a result.</summary>
/// <param name="code">The code, as AWS names it.</param>
/// <param name="message">What is wrong, for a person.</param>
/// <param name="status">The HTTP status.</param>
internal sealed class ServiceFault(string code, string message, HttpStatusCode status) : Exception(message)
{
    /// <summary>The code, as AWS names it.</summary>
    public string Code => code;

    /// <summary>The HTTP status.</summary>
    public HttpStatusCode Status => status;

    /// <summary>No operation has this method and path, or this target.</summary>
    public static ServiceFault UnknownOperation(string what) =>
        new("UnknownOperationException", $"There is no operation {what}.", HttpStatusCode.NotFound);

    /// <summary>The body is not the JSON that the operation reads.</summary>
    public static ServiceFault Serialization(string message) => new("SerializationException", message, HttpStatusCode.BadRequest);

    /// <summary>The body is larger than any operation's may be.</summary>
    public static ServiceFault TooLarge(long limit) =>
        new("RequestEntityTooLargeException", $"The request's body is larger than {limit} bytes.", HttpStatusCode.RequestEntityTooLarge);

    /// <summary>Requests from there, or in this form, are not allowed.</summary>
    public static ServiceFault AccessDenied(string message) => new("AccessDeniedException", message, HttpStatusCode.Forbidden);

    /// <summary>There is no signature.</summary>
    public static ServiceFault MissingToken() =>
        new("MissingAuthenticationTokenException", "Missing Authentication Token", HttpStatusCode.Forbidden);

    /// <summary>The signature lacks a part.</summary>
    public static ServiceFault Incomplete(string message) => new("IncompleteSignatureException", message, HttpStatusCode.Forbidden);

    /// <summary>The access key is not known here.</summary>
    public static ServiceFault UnknownKey() =>
        new("UnrecognizedClientException", "The security token included in the request is invalid.", HttpStatusCode.Forbidden);

    /// <summary>The signature is not that of this request, or not of this time.</summary>
    public static ServiceFault BadSignature(string message) => new("InvalidSignatureException", message, HttpStatusCode.Forbidden);
}
