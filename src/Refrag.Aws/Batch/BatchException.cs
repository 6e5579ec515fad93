using System.Net;

namespace Refrag.Aws.Batch;

/// <summary>
/// Batch answered an error. The API knows two codes, and the front of AWS adds others, such as <c>AccessDeniedException</c>.
/// </summary>
/// <param name="operation">The operation's name.</param>
/// <param name="error">What was answered.</param>
public sealed class BatchException(string operation, AwsError error) : AwsServiceException(AwsService.Batch, operation, error)
{
    /// <summary>The code of a mistake in the request.</summary>
    public const string ClientException = nameof(ClientException);

    /// <summary>The code of a fault of the service.</summary>
    public const string ServerException = nameof(ServerException);

    /// <summary>A mistake in the request: code <see cref="ClientException"/>, status 400.</summary>
    public static BatchException Client(string operation, string message) =>
        new(operation, new AwsError(ClientException, message, HttpStatusCode.BadRequest));

    /// <summary>A fault of the service: code <see cref="ServerException"/>, status 500.</summary>
    public static BatchException Server(string operation, string message) =>
        new(operation, new AwsError(ServerException, message, HttpStatusCode.InternalServerError));
}
