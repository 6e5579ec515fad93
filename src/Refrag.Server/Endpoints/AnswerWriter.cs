using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Refrag.Aws;

namespace Refrag.Server.Endpoints;

/// <summary>Writes an operation's answer.</summary>
internal static class AnswerWriter
{
    /// <summary>Writes status, headers and body. Made whole before it is sent, so that what cannot be written becomes an error and no half answer.</summary>
    public static async ValueTask WriteAsync(HttpResponse response, AwsOperation operation, object answer, CancellationToken cancellationToken)
    {
        byte[] body = JsonSerializer.SerializeToUtf8Bytes(answer, operation.ResponseJson);
        response.ContentType = operation.Service.Protocol == AwsProtocol.Json11 ? "application/x-amz-json-1.1" : "application/json";
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, cancellationToken);
    }
}
