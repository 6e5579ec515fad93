using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Refrag.Aws;
using Refrag.Server.Access;
using Refrag.Server.Endpoints;
using Refrag.Server.Events;
using Refrag.Server.Failures;
using Refrag.Server.Reading;

namespace Refrag.Server;

/// <summary>The way of every request: host, endpoint, signature, body, operation, answer.</summary>
internal sealed class RequestPipeline(
    BatchServerOptions options, Func<string, ValueTask<IAwsTransport>> regions, EndpointTable endpoints, HostRule hosts,
    RequestGuard guard, Ec2Endpoint ec2, RehearsalEndpoint? rehearsal, MetadataEndpoint? metadata, EventStream? events,
    CancellationToken stopping)
{
    private const string StateCode = "RF4011";
    private bool _isStateLogged;

    /// <summary>Answers a request, whatever it is.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        string id = Guid.NewGuid().ToString();
        context.Response.Headers["x-amzn-RequestId"] = id;
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception e) when (e is ConnectionAbortedException or ConnectionResetException
            || (e is OperationCanceledException && context.RequestAborted.IsCancellationRequested))
        {
            // The client is gone, or was cut off.
        }
        catch (Exception e)
        {
            await FailAsync(context, e, id);
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        hosts.Check(request);
        var target = RequestTarget.Of(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (request.Method == HttpMethods.Get && target.Path == ServerHealth.Path) await WriteHealthAsync(context.Response);
        else if (request.Method == HttpMethods.Get && target.Path == EventStream.Path && events is not null)
            await StreamAsync(context, target);
        else if (request.Method == HttpMethods.Get && MetadataEndpoint.Owns(target.Path) && metadata is not null)
            await metadata.AnswerAsync(context, target);
        else if (rehearsal?.Find(request.Method, target.Path) is { } rehearse) await rehearse(context, target);
        else if (Ec2Endpoint.Owns(request, target)) await ec2.AnswerAsync(context, target);
        else await OperateAsync(context, target);
    }

    private async Task OperateAsync(HttpContext context, RequestTarget target)
    {
        OperationEndpoint endpoint = endpoints.Find(context.Request, target);
        RequestAdmission admission = guard.Check(context.Request, target, endpoint.Operation.Service);
        byte[] body = await BodyReader.ReadAsync(context.Request, context.RequestAborted);
        guard.Verify(admission, context.Request, target, body);
        // What was taken is carried out, even where the client does not wait for the answer.
        IAwsTransport transport = await regions(admission.Region);
        byte[] answer = await endpoint.AnswerAsync(transport, target, body, CancellationToken.None);
        Volatile.Write(ref _isStateLogged, false);
        await AnswerWriter.WriteAsync(context.Response, endpoint.Operation, answer, context.RequestAborted);
    }

    private async Task StreamAsync(HttpContext context, RequestTarget target)
    {
        RequestAdmission admission = guard.Check(context.Request, target, AwsService.Batch);
        guard.Verify(admission, context.Request, target, []);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        await events!.WriteAsync(context.Response, admission.Region, end.Token);
    }

    private async Task WriteHealthAsync(HttpResponse response)
    {
        ServerHealth health = options.Health();
        if (stopping.IsCancellationRequested && !health.HasEnded) health = new ServerHealth(ServerHealth.Stopping);
        if (health.Status != ServerHealth.Ready) response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status", health.Status);
        if (health.Reason is { } reason) json.WriteString("reason", reason);
        json.WriteString("version", options.Version);
        json.WriteString("runner", options.Runner);
        // An attempt ends here when its output has: who follows a log need not wait for lines that come after the end, as those of
        // CloudWatch's agent do.
        json.WriteBoolean("lateLogLines", false);
        json.WriteEndObject();
    }

    private async Task FailAsync(HttpContext context, Exception exception, string id)
    {
        ServiceFault? fault = FaultWriter.Of(exception);
        Log(context.Request, id, exception, fault);
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }
        fault ??= new ServiceFault(Aws.Batch.BatchException.ServerException, $"The server failed; its log says more of request {id}.",
            System.Net.HttpStatusCode.InternalServerError);
        await FaultWriter.WriteAsync(context.Response, fault, ProtocolOf(context.Request));
    }

    private static AwsProtocol ProtocolOf(HttpRequest request) =>
        request.Headers.ContainsKey("X-Amz-Target") ? AwsProtocol.Json11
        : Ec2Endpoint.IsForm(request) ? AwsProtocol.Ec2Query
        : AwsProtocol.RestJson;

    // A state that cannot be written fails every request, for one cause: it is logged once, until a request succeeds again.
    private void Log(HttpRequest request, string id, Exception exception, ServiceFault? fault)
    {
        if (fault is { Status: < System.Net.HttpStatusCode.InternalServerError }) return;
        bool isState = fault?.Message.Contains(StateCode, StringComparison.Ordinal) is true;
        if (!isState) options.Log($"Request {id}, {request.Method} {request.Path}: {exception}");
        else if (!Interlocked.Exchange(ref _isStateLogged, true)) options.Log($"Request {id} and those after it: {fault!.Message}");
    }
}
