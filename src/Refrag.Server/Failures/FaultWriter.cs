using System.Buffers;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Refrag.Aws;
using Refrag.Server.Limits;

namespace Refrag.Server.Failures;

/// <summary>Turns whatever went wrong into AWS's answer for it. (AWS restJson1, awsJson1.1 and ec2Query, operation error
/// serialization)</summary>
internal static class FaultWriter
{
    /// <summary>The fault that a client gets for an exception; null if the fault is ours, and only the log may know it.</summary>
    public static ServiceFault? Of(Exception exception) => exception switch
    {
        ServiceFault fault => fault,
        // Many at once, in one message: the API has room for one.
        InvalidRequestException invalid =>
            new ServiceFault(CodeOf(invalid), string.Join(' ', invalid.Problems.Select(Sentence)), HttpStatusCode.BadRequest),
        AwsServiceException service => new ServiceFault(service.ErrorCode, service.Error.Message, service.StatusCode),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ServiceFault.TooLarge(ServerLimits.DrainedBytes),
        BadHttpRequestException bad => new ServiceFault("BadRequestException", bad.Message, (HttpStatusCode)bad.StatusCode),
        _ => null,
    };

    /// <summary>Writes the answer.</summary>
    public static async Task WriteAsync(HttpResponse response, ServiceFault fault, AwsProtocol protocol)
    {
        response.StatusCode = (int)fault.Status;
        if (protocol == AwsProtocol.Ec2Query)
        {
            await Ec2Answers.WriteAsync(response, Ec2Answers.Fault(fault));
            return;
        }
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            if (protocol == AwsProtocol.Json11) json.WriteString("__type", fault.Code);
            json.WriteString("message", fault.Message);
            json.WriteEndObject();
        }
        response.Headers["x-amzn-ErrorType"] = fault.Code;
        response.ContentType = protocol == AwsProtocol.Json11 ? "application/x-amz-json-1.1" : "application/json";
        response.ContentLength = body.WrittenCount;
        await response.Body.WriteAsync(body.WrittenMemory, response.HttpContext.RequestAborted);
    }

    // Batch has one code for a client's mistakes; CloudWatch Logs has its own for parameters.
    private static string CodeOf(InvalidRequestException invalid) =>
        invalid.Service == AwsService.Logs ? "InvalidParameterException" : Aws.Batch.BatchException.ClientException;

    private static string Sentence(Problem problem) => $"{problem.What}. {problem.Cure}";
}
