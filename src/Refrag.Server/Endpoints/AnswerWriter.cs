using Microsoft.AspNetCore.Http;
using Refrag.Aws;

namespace Refrag.Server.Endpoints;

/// <summary>Writes an operation's answer.</summary>
internal static class AnswerWriter
{
    /// <summary>Writes headers and body.</summary>
    public static async ValueTask WriteAsync(
        HttpResponse response, AwsOperation operation, byte[] body, CancellationToken cancellationToken)
    {
        response.ContentType = operation.Service.Protocol == AwsProtocol.Json11 ? "application/x-amz-json-1.1" : "application/json";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, cancellationToken);
    }
}
