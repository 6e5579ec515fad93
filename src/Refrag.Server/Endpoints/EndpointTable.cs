using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Refrag.Aws.Batch;
using Refrag.Aws.Ecs;
using Refrag.Aws.Logs;
using Refrag.Server.Failures;
using Refrag.Server.Reading;

namespace Refrag.Server.Endpoints;

/// <summary>
/// One endpoint an operation, made from the operation tables. A dictionary and not the framework's routing: a signature needs the target as
/// it was sent, with an ARN's slashes still escaped, and AWS's answer for what is unknown is its own.
/// </summary>
internal sealed class EndpointTable
{
    private readonly FrozenDictionary<(string Method, string Path), OperationEndpoint> _byPath;
    private readonly FrozenDictionary<string, OperationEndpoint> _byTarget;
    private readonly OperationEndpoint[] _templates;

    public EndpointTable()
    {
        OperationEndpoint[] all = [.. BatchOperations.All.Select(OperationEndpoint.Create)];
        _templates = [.. all.Where(e => e.Operation.Path.EndsWith('}'))];
        _byPath = all.Except(_templates).ToFrozenDictionary(e => (e.Operation.Method.Method, e.Operation.Path));
        _byTarget = LogsOperations.All.Concat(EcsOperations.All).Select(OperationEndpoint.Create)
            .ToFrozenDictionary(e => $"{e.Operation.Service.TargetPrefix}.{e.Operation.Name}");
        All = [.. all, .. _byTarget.Values];
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<OperationEndpoint> All { get; }

    /// <summary>The endpoint that a request means; <see cref="ServiceFault"/> if there is none.</summary>
    public OperationEndpoint Find(HttpRequest request, RequestTarget target)
    {
        if (target.Path == "/" && request.Headers["X-Amz-Target"] is [{ Length: > 0 } name])
            return _byTarget.GetValueOrDefault(name) ?? throw ServiceFault.UnknownOperation(name);
        return _byPath.GetValueOrDefault((request.Method, target.Path)) ?? OfTemplate(request.Method, target.Path)
            ?? throw ServiceFault.UnknownOperation($"{request.Method} {target.Path}");
    }

    private OperationEndpoint? OfTemplate(string method, string path) => Array.Find(_templates, endpoint =>
    {
        int fixedLength = endpoint.Operation.Path.IndexOf('{', StringComparison.Ordinal);
        return endpoint.Operation.Method.Method == method && path.Length > fixedLength
            && path.AsSpan().StartsWith(endpoint.Operation.Path.AsSpan(0, fixedLength));
    });
}
