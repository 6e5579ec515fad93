using System.Net;

namespace Refrag.Aws;

/// <summary>What a service answered instead of a result.</summary>
/// <param name="Code">The error code, such as <c>ClientException</c>; <c>Unknown</c> where the answer named none.</param>
/// <param name="Message">The service's own words; empty where it gave none.</param>
/// <param name="StatusCode">The HTTP status.</param>
/// <param name="RequestId">The service's id of the request; null if it gave none.</param>
public sealed record AwsError(string Code, string Message, HttpStatusCode StatusCode, string? RequestId = null)
{
    // Codes that mean "slow down", whatever the status. (AWS SDKs' retry behaviour, throttling errors)
    private static readonly string[] s_throttles =
    [
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
        "TooManyRequestsException",
        "TooManyRequests", "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown",
        "PriorRequestNotComplete",
    ];

    /// <summary>Whether the service asked to be called less often. Such a request had no effect and may be sent again.</summary>
    public bool IsThrottling => StatusCode == HttpStatusCode.TooManyRequests || s_throttles.Contains(Code);

    /// <summary>
    /// Whether the service failed, rather than the request: a status of 500 and above. The request may have had its effect.
    /// </summary>
    public bool IsServerFault => (int)StatusCode >= 500;

    /// <summary>Whether the signature's time was refused, which a corrected clock cures.</summary>
    public bool IsClockSkew => Code is "RequestTimeTooSkewed" or "RequestExpired" or "RequestInTheFuture"
        || (Code is "InvalidSignatureException" or "SignatureDoesNotMatch" or "AuthFailure"
            && (Message.Contains("Signature expired", StringComparison.Ordinal)
            || Message.Contains("not yet current", StringComparison.Ordinal)));

    /// <summary>Whether the credentials were refused: wrong, expired or unknown.</summary>
    public bool IsCredentialFault =>
        !IsClockSkew && Code is "UnrecognizedClientException" or "InvalidClientTokenId" or "ExpiredToken" or "ExpiredTokenException"
        or "InvalidSignatureException" or "SignatureDoesNotMatch" or "MissingAuthenticationToken" or "MissingAuthenticationTokenException"
        or "IncompleteSignature" or "InvalidAccessKeyId" or "AuthFailure";
}
