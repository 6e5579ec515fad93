using System.Collections.Concurrent;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Refrag.Aws;
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
    private readonly FrozenDictionary<(string Method, string Path), AwsOperation> _byPath;
    private readonly FrozenDictionary<string, AwsOperation> _byTarget;
    private readonly AwsOperation[] _templates;

    // Made at the operation's first request: a start must not pay for all of them.
    private readonly ConcurrentDictionary<AwsOperation, OperationEndpoint> _endpoints = new();

    public EndpointTable()
    {
        _templates = [.. BatchOperations.All.Where(operation => operation.Path.EndsWith('}'))];
        _byPath = BatchOperations.All.Except(_templates).ToFrozenDictionary(operation => (operation.Method.Method, operation.Path));
        _byTarget = LogsOperations.All.Concat(EcsOperations.All)
            .ToFrozenDictionary(operation => $"{operation.Service.TargetPrefix}.{operation.Name}");
        All = [.. BatchOperations.All, .. _byTarget.Values];
    }

    /// <summary>All operations that have one.</summary>
    public IReadOnlyList<AwsOperation> All { get; }

    /// <summary>The endpoint that a request means; <see cref="ServiceFault"/> if there is none.</summary>
    public OperationEndpoint Find(HttpRequest request, RequestTarget target) =>
        _endpoints.GetOrAdd(FindOperation(request, target), OperationEndpoint.Create);

    private AwsOperation FindOperation(HttpRequest request, RequestTarget target)
    {
        if (target.Path == "/" && request.Headers["X-Amz-Target"] is [{ Length: > 0 } name])
            return _byTarget.GetValueOrDefault(name) ?? throw ServiceFault.UnknownOperation(name);
        return _byPath.GetValueOrDefault((request.Method, target.Path)) ?? OfTemplate(request.Method, target.Path)
            ?? throw ServiceFault.UnknownOperation($"{request.Method} {target.Path}");
    }

    private AwsOperation? OfTemplate(string method, string path) => Array.Find(_templates, operation =>
    {
        int fixedLength = operation.Path.IndexOf('{', StringComparison.Ordinal);
        return operation.Method.Method == method && path.Length > fixedLength
            && path.AsSpan().StartsWith(operation.Path.AsSpan(0, fixedLength));
    });
}
